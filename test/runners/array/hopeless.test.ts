/** Tasks that do not begin: why is told while they wait; and where they never will, the run ends with that. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import type { ArrayEngine, TaskLook } from '../../../runners/array/engine.ts'
import { each } from '../../conformance/experiments.ts'
import { Workshop } from '../../conformance/workshop.ts'
import { eventually } from '../detached/site.ts'
import type { FakeTask } from './process-engine.ts'
import { Scene } from './scene.ts'

const workshop = new Workshop()
after(() => workshop.close())

/** The engine, with what it says of tasks changed. */
function saying(engine: ArrayEngine, change: (look: TaskLook, index: number) => TaskLook): ArrayEngine {
  const within = <V>(map: ReadonlyMap<number, V>, of: (value: V, index: number) => V) =>
    new Map([...map].map(([index, value]) => [index, of(value, index)]))
  return {
    ...engineOf(engine),
    async status(handles) {
      const looks = await engine.status(handles)
      return new Map([...looks].map(([handle, tasks]) => [handle, within(tasks, change)]))
    },
  }
}

function engineOf(engine: ArrayEngine): ArrayEngine {
  return {
    kind: engine.kind,
    remedy: engine.remedy,
    probe: () => engine.probe(),
    stage: (order) => engine.stage(order),
    submit: (order) => engine.submit(order),
    find: (name) => engine.find(name),
    status: (handles) => engine.status(handles),
    logs: (array, index) => engine.logs(array, index),
    cancel: (handles) => engine.cancel(handles),
    collect: (handle) => engine.collect(handle),
    clean: (array) => engine.clean(array),
  }
}

test('should tell how many tasks wait, and why, for as long as they do', async (t) => {
  const made = await workshop.make(each(6, 'await new Promise((go) => setTimeout(go, 100)); return random()'))
  const scene = new Scene(t, workshop, made, { slots: 1 })
  const told: Readonly<Record<string, string>>[] = []
  const engine = saying(scene.engine, (look, index) =>
    look.state === 'pending' ? { ...look, stuck: index === 5 ? 'no image' : 'no room' } : look,
  )
  await scene.run({ engine, taskMs: 200, chunkMs: 200, tell: ({ waiting }) => told.push(waiting) })
  await scene.assertWhole()
  const lines = told.flatMap((waiting) => Object.entries(waiting).map(([who, why]) => `${who}: ${why}`))
  assert.ok(
    lines.some((line) => /^\d tasks wait: no room$/.test(line)),
    lines.join('\n'),
  )
  assert.ok(
    lines.some((line) => /^1 task waits: /.test(line)),
    lines.join('\n'),
  )
  assert.deepEqual(told.at(-1), {}, 'none waits at the end')
})

test('should end with what the scheduler says where tasks will never begin, with nothing left', async (t) => {
  const made = await workshop.make(each(4, 'await new Promise((go) => setTimeout(go, 60_000))'))
  const scene = new Scene(t, workshop, made)
  const never = new RepriseError('usage', 'there is no such image', {
    subject: 'image x',
    remedy: 'Name one',
  })
  const engine = { ...engineOf(scene.engine), status: () => Promise.reject(never) }
  await assert.rejects(scene.run({ engine }), (error) => error === never)
  assert.ok(scene.engine.calls.includes('cancel'))
  assert.ok(scene.engine.tasks.length > 0)
  const isGone = ({ child }: FakeTask) =>
    child === null || child.exitCode !== null || child.signalCode !== null
  await eventually('all tasks are gone', () => scene.engine.tasks.every(isGone))
})

test('should count what a task took since the scheduler says that it runs, and stop when that is enough', async (t) => {
  const made = await workshop.make(each(4, 'await new Promise((go) => setTimeout(go, 60_000))'))
  const scene = new Scene(t, workshop, made)
  const started = new Date(Date.now() - 10 * 3_600_000).toISOString()
  const engine = saying(scene.engine, (look) => (look.state === 'running' ? { ...look, started } : look))
  await assert.rejects(
    scene.run({ engine, maxCoreHours: 25, cores: 3 }),
    (error) =>
      error instanceof RepriseError && error.code === 'incomplete' && /may take 25/.test(error.message),
  )
})
