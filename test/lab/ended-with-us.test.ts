/** A program that is asked for hosts, with all that it started, does not outlive a command that is interrupted meanwhile. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { endGroup, endWithUs } from '../../lab/ended-with-us.ts'
import { Project } from '../cli/project.ts'
import { isAlive, until } from '../sshd/processes.ts'

const MODULE = JSON.stringify(new URL('../../lab/ended-with-us.js', import.meta.url))

/** A process with a program in a group of its own, and what it does besides. */
async function holder(t: { after(end: () => void): void }, more: string) {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-groups-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const code = `const { endWithUs } = await import(${MODULE})
    const { spawn } = await import('node:child_process')
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
    const forget = endWithUs(child.pid)
    ${more}
    ;(await import('node:fs')).writeFileSync('PID', String(child.pid))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: folder, stdio: 'ignore' })
  const ended = new Promise<[code: number | null, signal: string | null]>((resolve) =>
    child.on('exit', (...how) => resolve(how)),
  )
  const path = join(folder, 'PID')
  const pid = await until('it to be there', () => existsSync(path) && Number(readFileSync(path, 'utf8')))
  t.after(() => endGroup(pid))
  return { child, ended, pid }
}

test('should end it first, and then by the signal, where nobody else listens', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const { child, ended, pid } = await holder(t, '')
    child.kill(signal)
    assert.deepEqual(await ended, [null, signal])
    await until('it to end', () => !isAlive(pid))
  }
})

test('should let who listens decide, and end it with the process', async (t) => {
  const { child, ended, pid } = await holder(
    t,
    `process.on('SIGINT', () => setTimeout(() => process.exit(7), 50))`,
  )
  child.kill('SIGINT')
  assert.deepEqual(await ended, [7, null])
  await until('it to end', () => !isAlive(pid))
})

test('should leave alone what was taken back, and leave nothing behind', async (t) => {
  const { child, ended, pid } = await holder(t, 'forget()')
  child.kill('SIGINT')
  assert.deepEqual(await ended, [null, 'SIGINT'])
  assert.ok(isAlive(pid))
  const before = process.listenerCount('SIGINT')
  const forget = [endWithUs(2 ** 30), endWithUs(2 ** 30 + 1)]
  assert.equal(process.listenerCount('SIGINT'), before + 1)
  for (const one of forget) one()
  assert.equal(process.listenerCount('SIGINT'), before)
})

test('should end a program that says hosts when the command that asks is interrupted', async (t) => {
  const project = new Project(t)
  const hosts = 'require("node:fs").writeFileSync("PID", String(process.pid)); setInterval(() => {}, 1000)'
  const command = [process.execPath, '-e', hosts]
  project.write(
    'reprise.config.json',
    JSON.stringify({ clusters: { slow: { kind: 'ssh', hosts: { command } } } }),
  )
  project.write(
    'x.ts',
    `import { experiment } from 'reprise'
export default experiment({ name: 'x', parameters: { a: [1] }, repetitions: 1, run: ({ random }) => random() })`,
  )
  const { child, finished } = project.start(['run', 'x.ts', '--runner', 'ssh:slow'])
  const path = project.path('PID')
  const pid = await until('it to be asked', () => existsSync(path) && Number(readFileSync(path, 'utf8')))
  child.kill('SIGINT')
  assert.equal((await finished).signal, 'SIGINT')
  await until('it to end', () => !isAlive(pid))
  assert.deepEqual(project.runNames(), [])
})
