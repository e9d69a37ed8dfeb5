/**
 * The array runner, with a scheduler that loses answers, lags, kills and forgets: the bytes are those that they must be, nothing is
 * submitted twice, and whoever goes on after a kill at whatever place has exactly what is missing executed.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import type { ArrayEngine, TaskState } from '../../../runners/array/engine.ts'
import { partKey } from '../../../runners/array/layout.ts'
import type { Store } from '../../../runners/array/store.ts'
import { encodeRecord } from '../../../runners/detached/record.ts'
import { sha256Of } from '../../../runners/digests.ts'
import { leafOf } from '../../../runners/protocol.ts'
import { DRAWS, each } from '../../conformance/experiments.ts'
import { Workshop } from '../../conformance/workshop.ts'
import type { Call, FakeTask } from './process-engine.ts'
import { Scene } from './scene.ts'

const workshop = new Workshop(true)
after(() => workshop.close())

const SLOW_TESTS = process.env.REPRISE_SLOW === '1'
const SOME = each(24, 'return random()')
const SLOW = each(12, 'await new Promise((go) => setTimeout(go, 40)); return random()')
const noAnswer = () => new RepriseError('engine', 'the answer is lost')

/** Once, at the so-manieth call of a kind. */
function once(kind: Call, nth: number, act: () => void): (call: Call) => void {
  let count = 0
  return (call) => {
    if (call === kind && ++count === nth) act()
  }
}

function lose(): never {
  throw noAnswer()
}

test('should give the bytes of the memory runner, and tell of each task', async (t) => {
  const scene = new Scene(t, workshop, await workshop.make(DRAWS))
  await scene.run()
  await scene.assertWhole()
  await scene.assertSubmittedOnce()
  scene.assertTasksTold()
  assert.ok(scene.heard.tasks.every(({ state, measured }) => state === 'completed' && measured === 'task'))
  assert.equal(scene.heard.tasks.length, scene.engine.tasks.length)
})

test('should tell what the scheduler measured, where it does', async (t) => {
  const facts = { accounting: true }
  const scene = new Scene(t, workshop, await workshop.make(SOME), { facts })
  await scene.run()
  scene.assertTasksTold()
  for (const { scheduler, cluster, cpuMs, maxRssBytes, measured, started } of scene.heard.tasks)
    assert.deepEqual(
      [scheduler, cluster, cpuMs, maxRssBytes, measured, started],
      ['processes', 'here', 1_000, 2 ** 20, 'scheduler', '2026-01-01T00:00:00.000Z'],
    )
})

test('should find out how long chunks take by scouts, where no pilot said', async (t) => {
  const made = await workshop.make(each(200, 'await new Promise((go) => setTimeout(go, 5)); return random()'))
  const scene = new Scene(t, workshop, made)
  await scene.run({ chunkMs: null, engines: 2, taskMs: 400 })
  await scene.assertWhole()
  const [scouts, ...rest] = scene.engine.submitted
  assert.equal(scouts!.count, 4)
  const tasks = rest.reduce((sum, { count }) => sum + count, 0)
  assert.ok(tasks >= 1 && tasks < 40, `${tasks} tasks of 192 chunks that take 10 ms`)
})

/** REPRISE_SLOW=1 has as many tasks as an array of Slurm's takes by default. */
const [TASKS, IN_ARRAY] = SLOW_TESTS ? [2_000, 1_001] : [200, 101]

test(`should split ${TASKS} tasks for a scheduler that takes ${IN_ARRAY} in an array`, async (t) => {
  const made = await workshop.make(each(TASKS, 'return random()'))
  const scene: Scene = new Scene(t, workshop, made, {
    inside: (array, index) => scene.inside(array, index),
    slots: 8,
    facts: { maxArray: IN_ARRAY },
  })
  await scene.run({ taskMs: 10, chunkMs: 10 })
  await scene.assertWhole()
  await scene.assertSubmittedOnce()
  assert.deepEqual(
    scene.engine.submitted.map(({ count }) => count),
    [IN_ARRAY, TASKS - IN_ARRAY],
  )
  assert.equal(scene.heard.tasks.length, TASKS)
})

test('should never have more tasks at once than there may be, known or not', async (t) => {
  const made = await workshop.make(each(60, 'return random()'))
  for (const facts of [{ maxTasks: 7 }, { maxTasks: 7, maxArray: 4 }]) {
    const scene: Scene = new Scene(t, workshop, made, {
      inside: (array, index) => scene.inside(array, index),
      facts,
    })
    const { engine } = scene
    const unaware: ArrayEngine = engine.but({
      probe: async () => ({ ...(await engine.probe()), maxTasks: null }),
    })
    await scene.run({ taskMs: 10, chunkMs: 10, engine: facts.maxArray === undefined ? unaware : engine })
    await scene.assertWhole()
    await scene.assertSubmittedOnce()
    assert.ok(engine.submitted.every(({ count }) => count <= (facts.maxArray ?? 7)))
  }
})

test('should look for an array whose answer was lost, and submit again only what was not taken', async (t) => {
  const made = await workshop.make(SOME)
  const taken = new Scene(t, workshop, made, { after: once('submit', 1, lose) })
  await taken.run()
  await taken.assertWhole()
  await taken.assertSubmittedOnce()
  assert.equal(taken.engine.submitted.length, 1)

  const notTaken = new Scene(t, workshop, made, { before: once('submit', 1, lose) })
  await notTaken.run()
  await notTaken.assertWhole()
  await notTaken.assertSubmittedOnce()
  assert.deepEqual(
    notTaken.engine.submitted.map(({ array }) => array),
    [1],
    'under the same name',
  )
  for (const scene of [taken, notTaken])
    for (const count of (await scene.executed()).values()) assert.equal(count, 1)
})

test('should go by the store alone where the scheduler cannot be asked, and wait for it where it lags', async (t) => {
  const made = await workshop.make(SOME)
  const mute = new Scene(t, workshop, made, { before: (call) => void (call === 'status' && lose()) })
  await mute.run()
  await mute.assertWhole()
  assert.equal(mute.engine.submitted.length, 1)

  const lagging = new Scene(t, workshop, made)
  let asked = 0
  const { engine } = lagging
  const late: ArrayEngine = engine.but({
    status: async (handles: readonly string[]) => (++asked < 3 ? new Map() : engine.status(handles)),
  })
  await lagging.run({ engine: late })
  await lagging.assertWhole()
  assert.equal(engine.submitted.length, 1)
})

/** One of each kind of blame; those that are judged as one of these (judgement.test.ts) are REPRISE_SLOW=1's. */
const ENDS: TaskState[] = ['timeout', 'node-fail', 'failed', 'pending']
if (SLOW_TESTS) ENDS.push('out-of-memory', 'preempted', 'cancelled')

for (const state of ENDS) {
  test(`should have exactly the rest executed after tasks were ${state === 'pending' ? 'killed and queued again' : `ended: ${state}`}`, async (t) => {
    let killed = 0
    const kill = (task: FakeTask | undefined) => {
      if (task === undefined || killed === 3) return
      killed++
      scene.engine.end(task, state)
    }
    const scene: Scene = new Scene(
      t,
      workshop,
      await workshop.make(SLOW),
      {
        // where all were over before anything was heard of them, the last one is killed as it begins
        started: (task, { tasks }) => kill(killed === 0 && tasks.at(-1) === task ? task : undefined),
      },
      {
        chunk: () => kill(scene.engine.tasks.find((task) => task.state === 'running' && task.as === null)),
      },
    )
    await scene.run({ taskMs: 40, chunkMs: 10 })
    assert.ok(killed > 0)
    await scene.assertWhole()
    await scene.assertSubmittedOnce()
    scene.assertTasksTold()
    assert.deepEqual(scene.heard.again, [])
    if (state === 'pending') assert.equal(scene.engine.submitted.length, 1)
    else assert.ok(scene.heard.tasks.some((task) => task.state === state))
  })
}

test('should take what the scheduler has forgotten for over', async (t) => {
  const scene = new Scene(t, workshop, await workshop.make(SLOW), {
    started: (task, engine) => {
      if (task.array > 1) return
      engine.end(task, 'failed')
      engine.forgotten.add(task.handle)
      for (const other of engine.tasks) engine.end(other, 'cancelled')
    },
  })
  await scene.run()
  await scene.assertWhole()
  assert.ok(scene.engine.submitted.length > 1)
})

test('should set a chunk aside that ended three tasks, and no other', async (t) => {
  const body = `if (point.i === 7) { process.kill(process.ppid, 'SIGKILL'); for (;;) {} } return random()`
  const scene = new Scene(t, workshop, await workshop.make(each(16, body)))
  await scene.run({ taskMs: 80, chunkMs: 10 })
  await assertAllBut(scene, 7)
  assert.match(scene.heard.aside[0]!.reason, /3 tasks were lost with it; the last: task \d+_\d+: FAILED/)
})

/** The chunk cannot be executed here to know its bytes. */
function assertAllBut(scene: Scene, chunk: number): void {
  assert.deepEqual(
    scene.heard.delivered,
    Array.from({ length: scene.made.chunks }, (_, i) => i).filter((i) => i !== chunk),
  )
  assert.deepEqual(
    scene.heard.aside.map((one) => one.chunk),
    [chunk],
  )
}

test('should say with the last words of a task that none comes to work', async (t) => {
  const made = await workshop.make(SOME)
  for (const [program, words] of [
    [['/nowhere/node'], /engines cannot be started/],
    [[process.execPath, '/nowhere/program.mjs'], /engines cannot be started: .*Cannot find module/],
  ] as const) {
    const scene = new Scene(t, workshop, made, { program })
    await assert.rejects(scene.run({ chunkMs: null }), (error: unknown) => {
      assert.ok(error instanceof RepriseError)
      assert.equal(error.code, 'engine')
      assert.match(error.message, words)
      assert.equal(error.remedy, 'See what tasks printed; then resume')
      return true
    })
    assert.deepEqual(scene.heard.aside, [])
  }
})

test('should end with what the scheduler will never take, and cancel what it has', async (t) => {
  const refuse = () => {
    throw new RepriseError('usage', 'there is no such partition', { subject: 'slurm' })
  }
  const scene = new Scene(t, workshop, await workshop.make(SOME), { before: once('submit', 1, refuse) })
  await assert.rejects(scene.run(), /no such partition/)
  assert.equal(scene.engine.submitted.length, 0)
  await scene.run()
  await scene.assertWhole()
})

test('should end soon when it is told to, though the scheduler never answers, and go on later', async (t) => {
  const slow = each(12, 'await new Promise((go) => setTimeout(go, 600)); return random()')
  const scene = new Scene(t, workshop, await workshop.make(slow))
  const { engine } = scene
  const stop = new AbortController()
  const silent: ArrayEngine = engine.but({
    status: () => new Promise<never>(() => {}),
    cancel: () => new Promise<never>(() => {}),
  })
  let stopped = 0
  const look = setInterval(() => {
    if (stopped > 0 || scene.heard.chunks.length < 2) return
    stopped = performance.now()
    stop.abort()
  }, 10)
  await assert.rejects(
    scene.run({ engine: silent }, stop.signal),
    /some may go on: the scheduler does not answer/,
  )
  clearInterval(look)
  assert.ok(performance.now() - stopped < 10_000)
  const early = new AbortController()
  early.abort()
  await scene.run({}, early.signal)
  assert.ok(
    engine.tasks.every(({ state, as }) => (state !== 'pending' && state !== 'running') || as !== null),
    'whoever is told to stop at once ends what others had begun',
  )
  await scene.run()
  await scene.assertWhole()
})

test('should ignore parts that are not what they say, or hold what nobody asked for', async (t) => {
  const scene = new Scene(t, workshop, await workshop.make(SOME), {
    started: (task) => void (task.index === 0 && put(task.array)),
  })
  const bytes = Buffer.from('{"chunk":23,"jobs":[]}')
  const header = { type: 'chunk', chunk: 23, failed: 0, ms: 1, engine: 1, stacks: [], leaf: leafOf(bytes) }
  const environment = null
  const engine = { type: 'engine', engine: 1, pid: 1, host: 'h', node: 'v20.0.0', environment }
  const foreign = Buffer.concat([encodeRecord(engine), encodeRecord(header, bytes)])
  const put = (array: number) => {
    void scene.store.put(partKey(array, 0, 'aa', 0, sha256Of(foreign)), foreign)
    void scene.store.put(partKey(array, 0, 'bb', 0, sha256Of(bytes)), foreign)
    void scene.store.put(`parts/${array}/no-part`, foreign)
  }
  await scene.run({ taskMs: 40 })
  await scene.assertWhole()
  assert.deepEqual(scene.heard.again, [])
  assert.match(scene.heard.text, /is ignored: .*holds chunk 23, which its task was not asked for/)
  assert.match(scene.heard.text, /is ignored: .*is not the one of its digest/)
})

test('should compare what a task delivers that was believed lost', async (t) => {
  const scene = new Scene(t, workshop, await workshop.make(SLOW))
  const { engine } = scene
  const astray: ArrayEngine = engine.but({
    status: async (handles: readonly string[]) => {
      const looks = await engine.status(handles)
      return new Map([...looks].map(([handle, tasks]) => [handle, handle === '101' ? new Map() : tasks]))
    },
  })
  await scene.run({ engine: astray, lookMs: 20 })
  await scene.assertWhole()
  scene.assertTasksTold(true)
})

/** As if the process were killed at its so-manieth call: from then on nothing is done and nothing answers. */
function mortal(scene: Scene, calls: number): { engine: ArrayEngine; store: Store; died: () => boolean } {
  let left = calls
  const wrapped = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, name) {
        const value = Reflect.get(target, name) as unknown
        if (typeof value !== 'function') return value
        return async (...words: unknown[]) => {
          if (--left < 0) throw new Error('killed')
          return (value as (...all: unknown[]) => unknown).apply(target, words)
        }
      },
    })
  return { engine: wrapped<ArrayEngine>(scene.engine), store: wrapped(scene.store), died: () => left < 0 }
}

test('should go on after a kill at any place with exactly what is missing', async (t) => {
  const made = await workshop.make(SOME)
  for (let calls = 1; ; calls += calls < 12 ? 1 : 7) {
    const scene: Scene = new Scene(t, workshop, made, {
      inside: (array, index) => scene.inside(array, index),
    })
    const first = mortal(scene, calls)
    await scene.run({ ...first, taskMs: 40 }).catch((error: Error) => assert.equal(error.message, 'killed'))
    const second = mortal(scene, calls + 3)
    await scene.run({ ...second, taskMs: 40 }).catch((error: Error) => assert.equal(error.message, 'killed'))
    await scene.run({ taskMs: 40 })
    await scene.assertWhole()
    await scene.assertSubmittedOnce()
    scene.assertTasksTold()
    for (const [chunk, count] of await scene.executed())
      assert.equal(count, 1, `chunk ${chunk}, killed at ${calls}`)
    if (!first.died()) return
  }
})
