/** Engines that die, fall silent or hang: their chunks go to others, and only the chunk at fault is given up. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { RepriseError } from '../../lib/errors.ts'
import { DRAWS, each } from './experiments.ts'
import type { Recorder } from './recorder.ts'
import type { Suite } from './suite.ts'
import { assign, expectedLeaves, type Made } from './workshop.ts'

const SLOWLY = 'await new Promise((resolve) => setTimeout(resolve, 15))'

export function failureCases(suite: Suite): void {
  const { workshop, execute } = suite

  /** So many engines were lost; one more where a runner may have given the chunk to two at once. */
  function losses(done: Recorder, count: number, chunk?: number): void {
    const found = done.losses.filter(({ chunks }) => chunk === undefined || chunks.includes(chunk)).length
    assert.ok(found === count || (suite.abilities.repeats === true && found === count + 1), `${found} losses`)
  }

  const POISONS = {
    'process.exit': 'process.exit(0)',
    'process.abort': 'process.abort()',
    'a kill of itself': `process.kill(process.pid, 'SIGKILL'); for (;;) {}`,
    'an unhandled rejection': `Promise.reject(new Error('nobody caught this')); await new Promise(() => {})`,
    'an uncaught exception': `setTimeout(() => { throw new Error('nobody caught this') }, 1); await new Promise(() => {})`,
  }
  for (const [how, poison] of Object.entries(POISONS)) {
    test(`should set a chunk aside that ended three engines by ${how}`, async () => {
      const made = await workshop.make(each(40, `if (point.i === 17) { ${poison} }\n return random()`))
      const done = await execute(assign(made), { engines: 2 })
      assert.deepEqual(done.delivered, others(40, [17]))
      assert.deepEqual(
        done.aside.map(({ chunk }) => chunk),
        [17],
      )
      losses(done, 3)
      assert.ok(done.losses.every(({ chunks }) => chunks.includes(17)))
      if (how.startsWith('an un')) assert.match(done.aside[0]!.reason, /nobody caught this/)
    })
  }

  test('should find out several poisonous chunks among many', async () => {
    const made = await workshop.make(
      each(60, 'if (point.i % 20 === 5) process.exit(7)\n return [point.i, random()]'),
    )
    const done = await execute(assign(made), { engines: 3 })
    const poison = [5, 25, 45]
    assert.deepEqual(done.aside.map(({ chunk }) => chunk).sort(byNumber), poison)
    assert.deepEqual(done.delivered, others(60, poison))
    for (const chunk of poison) losses(done, 3, chunk)
  })

  for (const [how, hang] of [
    ['without end', 'for (;;) {}'],
    ['for ever', 'await new Promise(() => {})'],
  ] as const) {
    test(`should set a chunk aside that computes or waits ${how}`, async () => {
      const made = await workshop.make(each(30, `if (point.i === 3) { ${hang} }\n return random()`))
      const done = await execute(assign(made), { engines: 2, timeoutMs: 400 })
      assert.deepEqual(done.delivered, others(30, [3]))
      assert.deepEqual(
        done.aside.map(({ chunk }) => chunk),
        [3],
      )
      assert.match(done.aside[0]!.reason, /longer than 0\.4 s/)
      losses(done, 3)
    })
  }

  test('should give every job its own time', async () => {
    const made = await workshop.make(
      each(3, 'await new Promise((resolve) => setTimeout(resolve, 600)); return 1'),
    )
    const done = await execute(assign(made), { engines: 1, timeoutMs: 1_000 })
    assert.deepEqual([done.delivered, done.losses], [[0, 1, 2], []])
  })

  test('should say in bounded time that engines cannot start', async () => {
    const throwing = await workshop.make(DRAWS)
    const cases: [Made, RegExp][] = [
      [
        { ...throwing, capsule: workshop.path('nowhere.mjs') },
        /cannot be started.*Cannot find module|capsule cannot be read.*no such file/,
      ],
      [
        { ...throwing, capsule: workshop.file('throws.mjs', 'throw new Error("not today")') },
        /cannot be started.*not today/,
      ],
      [
        { ...throwing, capsule: workshop.file('silent.mjs', 'process.exit(0)') },
        /cannot be started.*exit code 0/,
      ],
      [
        { ...throwing, capsule: workshop.file('bad.mjs', 'this is no program') },
        /cannot be started.*SyntaxError/,
      ],
    ]
    for (const [made, words] of cases) {
      const start = performance.now()
      await assert.rejects(execute(assign(made)), (error: unknown) => {
        assert.ok(error instanceof RepriseError)
        assert.ok(['engine', 'not-found'].includes(error.code))
        assert.match(error.message, words)
        return true
      })
      assert.ok(performance.now() - start < 120_000) // a busy machine included
    }
  })

  test('should keep fast and slow engines busy', async () => {
    const marker = JSON.stringify(workshop.path('slow'))
    const top = `import fs from 'node:fs'
let slow = false
if (process.argv[2] === 'reprise-engine') try { fs.mkdirSync(${marker}); slow = true } catch {}`
    const body = 'const end = Date.now() + (slow ? 60 : 2); while (Date.now() < end) {} ; return random()'
    const made = await workshop.make(each(120, body, top))
    const plain = await workshop.make(each(120, 'return random()'))
    const done = await execute(assign(made), { engines: 2 })
    assert.deepEqual(done.delivered, others(120, []))
    assert.deepEqual(
      done.delivered.map((chunk) => done.leaf(chunk)),
      await expectedLeaves(plain),
    )
    const shares = [1, 2].map((id) => done.chunks.filter(({ engine }) => engine === id).length).sort(byNumber)
    assert.ok(shares[0]! < shares[1]! / 2, `${shares}`)
  })

  if (suite.abilities.killable) outsideCases(suite)
}

/** Kills a process; false where it has ended, as the engine of a task may when the last of what it did is told. */
function isKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH')
    return false
  }
}

/** Somebody else kills and stops the engines. */
export function outsideCases({ workshop, execute }: Suite): void {
  const make = () => workshop.make(each(150, `${SLOWLY}; return [point.i, random()]`))

  async function whole(made: Made, done: Recorder): Promise<void> {
    const leaves = await expectedLeaves(made)
    assert.deepEqual(
      leaves.map((_, chunk) => done.leaf(chunk)),
      leaves,
    )
    assert.deepEqual(done.aside, [])
  }

  test('should replace engines that are killed', async () => {
    // Slow enough that an engine of a task lives still when it is told what it did.
    const made = await workshop.make(
      each(150, 'await new Promise((resolve) => setTimeout(resolve, 40)); return [point.i, random()]'),
    )
    const pids = new Map<number, number>()
    const killed = new Set<number>()
    let told = 0
    const done = await execute(
      assign(made),
      { engines: 3 },
      {
        engine: ({ engine, pid }) => pids.set(engine, pid),
        chunk: ({ engine }) => {
          if (++told % 30 < 5 || killed.size === 4 || killed.has(engine)) return
          if (isKilled(pids.get(engine)!)) killed.add(engine)
        },
      },
    )
    assert.equal(killed.size, 4)
    assert.equal(done.losses.length, 4)
    for (const { reason } of done.losses) assert.match(reason, /SIGKILL/)
    await whole(made, done)
  })

  test('should replace an engine that falls silent', async () => {
    const made = await make()
    let pid = 0
    let told = 0
    const done = await execute(
      assign(made),
      { engines: 2, silenceMs: 1_000 },
      {
        engine: (started) => {
          if (pid === 0) pid = started.pid
        },
        chunk: () => {
          if (++told === 10) process.kill(pid, 'SIGSTOP')
        },
      },
    )
    assert.equal(done.losses.length, 1)
    assert.match(done.losses[0]!.reason, /silent/)
    await whole(made, done)
  })

  test('should stop while every engine is busy, stopped or starting', async () => {
    const marker = workshop.path('begun')
    const body = `try { fs.mkdirSync(${JSON.stringify(marker)}) } catch {} ; for (;;) {}`
    const made = await workshop.make(each(10, body, `import fs from 'node:fs'`))
    const stop = new AbortController()
    const begun = setInterval(() => existsSync(marker) && stop.abort(), 500)
    const start = performance.now()
    const done = await execute(
      assign(made),
      { engines: 3 },
      {
        signal: stop.signal,
        engine: ({ pid, engine }) => {
          if (engine === 1) process.kill(pid, 'SIGSTOP')
        },
      },
    )
    clearInterval(begun)
    assert.deepEqual(done.chunks, [])
    assert.ok(performance.now() - start < 15_000)

    const early = new AbortController()
    const nothing = execute(assign(made), { engines: 3 }, { signal: early.signal })
    early.abort()
    assert.deepEqual((await nothing).chunks, [])
  })
}

function others(count: number, without: readonly number[]): number[] {
  return Array.from({ length: count }, (_, i) => i).filter((i) => !without.includes(i))
}

function byNumber(a: number, b: number): number {
  return a - b
}
