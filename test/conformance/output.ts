/** What user code prints ends in the log and never changes a result. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { each, LOUD, QUIET } from './experiments.ts'
import type { Suite } from './suite.ts'
import { assign, expectedLeaves } from './workshop.ts'

export function outputCases({ workshop, execute }: Suite): void {
  test('should keep results and output apart, however the output comes', async () => {
    const quiet = await workshop.make(QUIET)
    const loud = await workshop.make(LOUD)
    assert.equal(loud.hash, quiet.hash)
    const leaves = await expectedLeaves(quiet)
    const done = await execute(assign(loud))
    assert.deepEqual(
      done.delivered.map((chunk) => done.leaf(chunk)),
      leaves,
    )
    assert.deepEqual([done.losses, done.aside], [[], []])
    const { text } = done
    for (const chunk of leaves.keys())
      for (const repetition of [0, 1]) assert.ok(text.includes(`DONE-${chunk}-${repetition}\n`))
    for (const words of [
      'log { a: 1 }',
      'error\n',
      'mine { i: 3 }',
      'no newline',
      'flood 299',
      'from a child',
    ])
      assert.ok(text.includes(words), words)
    assert.ok(text.includes('"bytes":900000000'))
  })

  test('should tell where words were said', async () => {
    const made = await workshop.make(
      each(2, `log('here', point.i, repetition); console.error('there')`, '', ''),
    )
    const done = await execute(assign(made))
    const said = done.logs.filter(({ text }) => text === 'here 1 0\n' || text === 'there\n')
    assert.ok(said.some(({ chunk, job, stream }) => chunk === 1 && job === 0 && stream === 'log'))
    assert.ok(said.some(({ chunk, job, stream }) => chunk === 0 && job === 1 && stream === 'stderr'))
  })

  test('should execute a chunk again whose report was torn', async () => {
    const marker = JSON.stringify(workshop.path('once'))
    const top = `import fs from 'node:fs'\nimport { spawn } from 'node:child_process'
const NOISE = 'i=0; while [ $i -lt 200000 ]; do echo noise noise; i=$((i+1)); done'`
    const body = `if (repetition === 0 && point.i === 1) {
        try {
          fs.mkdirSync(${marker})
          for (let k = 0; k < 3; k++) spawn('sh', ['-c', NOISE], { stdio: ['ignore', 'inherit', 'ignore'] })
        } catch {}
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      return new Uint8Array(3_000_000).fill(point.i)`
    const loud = await workshop.make(each(6, body, top))
    const quiet = await workshop.make(each(6, 'return new Uint8Array(3_000_000).fill(point.i)'))
    const done = await execute(assign(loud), { engines: 1 })
    assert.deepEqual(done.delivered, [0, 1, 2, 3, 4, 5])
    assert.deepEqual(
      done.delivered.map((chunk) => done.leaf(chunk)),
      await expectedLeaves(quiet),
    )
    assert.deepEqual(done.aside, [])
    assert.ok(done.text.includes('noise noise'))
    for (const { reason } of done.losses) assert.match(reason, /tore its report/)
  })

  test('should notice that a program has taken an engine its orders', async () => {
    const top = `import { spawn } from 'node:child_process'`
    const steal = `process.stdin.on('data', () => {}); setTimeout(() => process.exit(), 60000)`
    const body = `if (point.i === 2) spawn(process.execPath, ['-e', ${JSON.stringify(steal)}], { stdio: 'inherit' })
      await new Promise((resolve) => setTimeout(resolve, 300)); return random()`
    const made = await workshop.make(each(6, body, top))
    const done = await execute(assign(made), { engines: 1, silenceMs: 1_500 })
    assert.deepEqual([...done.delivered, ...done.aside.map(({ chunk }) => chunk)].sort(), [0, 1, 2, 3, 4, 5])
    assert.ok(done.delivered.length >= 5)
  })

  test('should not wait for a process that left the engine and holds its output open', async () => {
    const top = `import { spawn } from 'node:child_process'`
    const body = `const { pid } = spawn('sleep', ['60'], { stdio: 'inherit', detached: true }); log('pid', pid); return 1`
    const made = await workshop.make(each(1, body, top))
    const start = performance.now()
    const done = await execute(assign(made), { engines: 1 })
    const took = performance.now() - start
    for (const [, pid] of done.text.matchAll(/pid (\d+)/g)) process.kill(Number(pid), 'SIGKILL')
    assert.deepEqual(done.delivered, [0])
    assert.ok(took < 20_000)
  })
}
