/** A run that is to stop while its store cannot be read: what the scheduler has of it is ended all the same. */
import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import type { ArrayEngine } from '../../../runners/array/engine.ts'
import type { Store } from '../../../runners/array/store.ts'
import { startArray } from '../../../runners/detached/far-array.ts'
import type { SchedulerKinds } from '../../../runners/detached/scheduler-kind.ts'
import { each } from '../../conformance/experiments.ts'
import { assign, Workshop } from '../../conformance/workshop.ts'
import { eventually, submissionOf } from '../detached/site.ts'
import { Heard, Scene } from './scene.ts'

const workshop = new Workshop()
after(() => workshop.close())

const WAITS = each(4, 'await new Promise((go) => setTimeout(go, 60_000))')
const refuse = async () => {
  throw new RepriseError('storage', 'cannot be reached (ECONNREFUSED)', { subject: 's3://lab' })
}

/** A run whose tasks are at work, and of which nobody is there any more who knows them. */
async function abandoned(t: TestContext): Promise<Scene> {
  const scene = new Scene(t, workshop, await workshop.make(WAITS))
  const killed = new AbortController()
  const run = scene.run({}, killed.signal)
  await eventually('tasks run', () => scene.engine.tasks.some(({ state }) => state === 'running'))
  killed.abort(new RepriseError('busy', 'another took it over'))
  await run
  assert.ok(!scene.engine.calls.includes('cancel'))
  return scene
}

const unreadable = ({ store }: Scene): Store => ({ ...storeOf(store), list: refuse, get: refuse })

function storeOf(store: Store): Store {
  return {
    put: (key, bytes) => store.put(key, bytes),
    get: (key) => store.get(key),
    list: (prefix) => store.list(prefix),
    remove: (prefix) => store.remove(prefix),
  }
}

/** With an engine that ends all of the run when it is asked to, which fails at first. */
function ending({ engine }: Scene, failures: number): ArrayEngine {
  let calls = 0
  return engine.but({
    async cancelAll() {
      if (++calls <= failures) throw new RepriseError('engine', 'cannot answer now')
      await engine.cancel([...new Set(engine.tasks.map(({ handle }) => handle))])
    },
  })
}

const isActive = ({ state }: { state: string }) => state === 'running' || state === 'pending'

test('should end all that the scheduler has of it, asking again, and say what was not taken', async (t) => {
  const scene = await abandoned(t)
  const { engine, heard } = scene
  await scene.run({ store: unreadable(scene), engine: ending(scene, 2) }, AbortSignal.abort())
  await eventually('nothing runs', () => !engine.tasks.some(isActive))
  const said = heard.logs.map(({ text }) => text).join('')
  assert.match(said, /all tasks were ended, .*cannot be reached \(ECONNREFUSED\); resume takes it/)
})

test('should say so where that fails too, and where its store does not answer at all', async (t) => {
  const scene = await abandoned(t)
  const silent: Store = { ...storeOf(scene.store), list: () => new Promise(() => {}) }
  await assert.rejects(
    scene.run({ store: silent, engine: ending(scene, 1e6) }, AbortSignal.abort()),
    (error) =>
      error instanceof RepriseError &&
      /^processes: not all tasks .*: cannot answer now\. Cancel/.test(error.line),
  )
})

test('should say what is wrong with the store where it is not to stop, and end nothing', async (t) => {
  const scene = await abandoned(t)
  const [store, engine] = [unreadable(scene), ending(scene, 0)]
  for (const signal of [new AbortController().signal, AbortSignal.abort(new RepriseError('busy', 'another'))])
    await assert.rejects(
      scene.run({ store, engine }, signal),
      (error) => error instanceof RepriseError && error.code === 'storage',
    )
  assert.ok(scene.engine.tasks.some(isActive))
})

test('should end it though what tasks need can no longer be brought', async (t) => {
  const scene = await abandoned(t)
  const { made, engine } = scene
  const kinds: SchedulerKinds = {
    'aws-batch': {
      probe: () => engine.probe(),
      begin: () => ({
        ...{ engine: ending(scene, 0), store: unreadable(scene), capsule: made.capsule, inputs: {} },
        ...{ engines: 1, maxTasks: null, prepare: refuse },
      }),
    },
  }
  const wishes = { queue: 'spot', store: { bucket: 'lab' } }
  const scheduler = { kind: 'aws-batch', wishes, taskMs: 60, chunkMs: 10 } as const
  const far = startArray(submissionOf(made, { scheduler }), scheduler, kinds, { folder: '', program: '' })
  await assert.rejects(
    far.runner.execute(assign(made), new Heard({}), new AbortController().signal),
    /ECONNREFUSED/,
  )
  assert.ok(engine.tasks.some(isActive))
  await far.runner.execute(assign(made), new Heard({}), AbortSignal.abort())
  await eventually('nothing runs', () => !engine.tasks.some(isActive))
})
