/**
 * What is so on any cluster: tests of the array engine for Kubernetes, run over the stand-in always, and over a real cluster where
 * there is one (`npm run test:kubernetes`).
 */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { RepriseError } from '../../lib/errors.ts'
import { until } from '../sshd/processes.ts'
import { allAre, engineAt, newName, type Site, submitted, untilTasks } from './stage.ts'

export async function engineSuite(t: TestContext, site: Site): Promise<void> {
  await t.test('should say what the cluster is', async (t) => {
    const facts = await engineAt(t, site, { maxTasks: 7 }).probe()
    assert.match(facts.version, /^v1\.\d+/)
    assert.deepEqual([facts.maxArray, facts.maxTasks, facts.accounting], [10_000, 7, true])
    assert.equal(typeof facts.cluster, 'string')
  })

  await t.test('should start each task once, with what it is to know', async (t) => {
    const engine = engineAt(t, site)
    const name = newName()
    assert.equal(await engine.find(name), null)
    const handle = await submitted(engine, { array: 3, count: 3, name })
    assert.equal(await engine.find(name), handle)
    const looks = await untilTasks(engine, handle, 'all to complete', allAre('completed', 3))
    for (const [index, { job, node }] of looks.entries()) {
      const said = JSON.parse(await engine.logs(3, index))
      const [greeting, word] = ["it's 3\n$(HOME) $$ $x", '$(HOME) $$ $x']
      assert.deepEqual(said, { index: String(index), job, node, greeting, word })
    }
    const usage = await engine.collect(handle)
    assert.deepEqual(
      usage.map(({ index, job, state, exit }) => [index, job, state, exit]),
      looks.map(({ job }, index) => [index, job, 'completed', '0']),
    )
    for (const { started, ended, image, cpuMs, maxRssBytes } of usage) {
      assert.ok(Math.abs(Date.parse(started!) - Date.now()) < 3_600_000 && started! <= ended!, `${started}`)
      assert.match(image ?? '', /^[\w./:-]+@sha256:[0-9a-f]{64}$/)
      assert.deepEqual([cpuMs, maxRssBytes], [null, null])
    }
    await engine.clean(3)
    await until('the Job to be gone', async () => (await engine.find(name)) === null)
    await until('its pods to be gone', async () => (await engine.logs(3, 0)) === '')
    await engine.clean(3)
  })

  await t.test('should never have one twice that was submitted twice', async (t) => {
    const engine = engineAt(t, site, {}, { manner: 'wait' })
    const handle = await submitted(engine)
    await untilTasks(engine, handle, 'it to run', allAre('running', 1))
    assert.equal(await engine.submit({ name: handle, array: 1, count: 1 }), handle)
    assert.equal(await engine.find(handle), handle)
    await engine.cancel([handle])
  })

  await t.test('should end what runs and what waits, and let be what is gone', async (t) => {
    const engine = engineAt(t, site, { parallelism: 2 }, { manner: 'wait' })
    const handle = await submitted(engine, { count: 4, array: 5 })
    const looks = await untilTasks(
      engine,
      handle,
      'two to run',
      (all) => all.filter(({ state }) => state === 'running').length === 2,
    )
    assert.deepEqual(looks.map(({ state }) => state).sort(), ['pending', 'pending', 'running', 'running'])
    await until(
      'it to have begun',
      async () => (await engine.logs(5, looks[0]!.state === 'running' ? 0 : 1)) !== '',
    )
    await engine.cancel([handle])
    await until('the Job to be gone', async () => (await engine.find(handle)) === null)
    await until('nothing to run', async () => {
      const tasks = (await engine.status([handle])).get(handle)
      return [...(tasks?.values() ?? [])].every(({ state }) => state !== 'running' && state !== 'pending')
    })
    await engine.cancel([handle, newName()])
  })

  await t.test('should end all of a run, and nothing of another', async (t) => {
    const [ours, other] = [
      engineAt(t, site, {}, { manner: 'wait', run: '20260102T000000000-00abcd' }),
      engineAt(t, site, {}, { manner: 'wait', run: '20260103T000000000-00abcd' }),
    ]
    const handles = [await submitted(ours), await submitted(ours, { array: 2, count: 2 })] as const
    const spared = await submitted(other)
    await ours.cancelAll!()
    for (const handle of handles) await until('it to be gone', async () => (await ours.find(handle)) === null)
    assert.equal(await other.find(spared), spared)
    await ours.cancelAll!()
    await other.cancel([spared])
  })

  await t.test(
    'should tell of one that failed, after it was started once more, unless that is in vain',
    async (t) => {
      const failing = engineAt(t, site, {}, { manner: 'fail' })
      const inVain = engineAt(t, site, {}, { manner: 'in-vain' })
      const handles = [await submitted(failing, { array: 6 }), await submitted(inVain, { array: 7 })] as const
      const [look] = await untilTasks(failing, handles[0], 'it to fail', allAre('failed', 1))
      assert.match(look!.words ?? '', /^Error, exit code 3/)
      const [other] = await untilTasks(inVain, handles[1], 'the other to fail', allAre('failed', 1))
      assert.match(other!.words ?? '', /^Error, exit code 78/)
      assert.equal((await failing.collect(handles[0]))[0]?.exit, '3')
      await failing.cancel(handles)
    },
  )

  await t.test('should say soon that there is no such image', async (t) => {
    const engine = engineAt(t, site, { image: 'registry.k8s.io/reprise-none:1' })
    const other = engineAt(t, site, { image: 'No Image' })
    const handles = [await submitted(engine), await submitted(other)]
    const begins = (which: typeof engine, handle: string) => untilTasks(which, handle, 'nothing', () => false)
    const none =
      /^image registry\.k8s\.io\/reprise-none:1 cannot be had: (ImagePullBackOff: .*)?ErrImagePull: .*not found/
    await refused(begins(engine, handles[0]!), 'usage', none)
    await refused(begins(other, handles[1]!), 'usage', /^image No Image cannot be had: InvalidImageName/)
    await engine.cancel(handles)
  })

  await t.test('should say soon that there is no such secret', async (t) => {
    const engine = engineAt(t, site, { secretName: 'reprise-none' })
    const handle = await submitted(engine, { count: 2 })
    await refused(
      untilTasks(engine, handle, 'nothing', () => false),
      'usage',
      /^no task can begin: CreateContainerConfigError: secret "reprise-none" not found$/,
    )
    await engine.cancel([handle])
  })

  await t.test('should say why a task has no room', async (t) => {
    const engine = engineAt(t, site, { resources: { requests: { cpu: '3000' } } })
    const handle = await submitted(engine)
    const [look] = await untilTasks(engine, handle, 'it to be stuck', ([look]) => look?.stuck !== undefined)
    assert.match(
      look!.stuck!,
      /^Unschedulable: 0\/\d+ nodes are available: .*Insufficient cpu.* Ask for less in `resources`/,
    )
    assert.equal(look!.state, 'pending')
    await engine.cancel([handle])
  })
}

export async function refused(
  promise: Promise<unknown>,
  code: string,
  message: RegExp,
): Promise<RepriseError> {
  let error: unknown = null
  try {
    await promise
  } catch (thrown) {
    error = thrown
  }
  assert.ok(error instanceof RepriseError, `${error}`)
  assert.match(error.message, message)
  assert.equal(error.code, code)
  assert.doesNotMatch(error.line, /[\r\n]/)
  assert.notEqual(error.remedy, '')
  return error
}
