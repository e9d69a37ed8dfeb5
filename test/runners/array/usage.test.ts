/** What processes take: of oneself, and of those below while they live and when they have ended. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { meter } from '../../../runners/array/usage.ts'

const BUSY = `const held = Buffer.alloc(200e6, 1); const end = process.cpuUsage().user + 300e3
while (process.cpuUsage().user < end); console.log(held.length); process.stdin.resume()`

test('should count the memory of those that live below, and their time when they have ended', {
  skip: !existsSync(`/proc/self/task/${process.pid}/children`),
}, async () => {
  const measured = meter()
  measured.look()
  const before = measured.read()
  assert.ok(before.maxRssBytes! > 20e6 && before.maxRssBytes! < 2e9, `${before.maxRssBytes}`)
  const child = spawn(process.execPath, ['-e', BUSY], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  measured.look()
  child.stdin.end()
  await once(child, 'exit')
  const after = measured.read()
  measured.stop()
  assert.ok(after.maxRssBytes! - before.maxRssBytes! > 200e6, `${before.maxRssBytes} to ${after.maxRssBytes}`)
  assert.ok(after.cpuMs! - before.cpuMs! >= 290, `${before.cpuMs} to ${after.cpuMs}`)
})
