/** The array engine against a real Slurm: what is submitted, how tasks are called, and what is told of them. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { RepriseError } from '../../../lib/errors.ts'
import { available, startSlurm } from '../../slurm/cluster.ts'
import { until } from '../../sshd/processes.ts'
import { programPath } from '../../sshd/program.ts'
import { allAre, newName, Stage, submitted, untilTasks } from './stand-in.ts'

const skip = !available('tests of the array engine for Slurm')

test('the array engine for Slurm', { skip }, async (t) => {
  const slurm = await startSlurm(t, { nodes: 2, cpus: 2 })

  await t.test('should say what the cluster is', async (t) => {
    const facts = await new Stage(t, slurm).engine({ maxTasks: 7 }).probe()
    assert.match(facts.version, /^\d\d\.\d\d\./)
    const { cluster, maxArray, maxTasks, accounting } = facts
    assert.deepEqual([cluster, maxArray, maxTasks, accounting], ['scratch', 1001, 7, false])
    assert.equal((await new Stage(t, slurm).engine().probe()).maxTasks, 10_000)
  })

  await t.test('should call each task with its words, whatever the paths hold', async (t) => {
    const stage = new Stage(t, slurm, 'a b\'c"d$e`f#g%a&h;ü')
    const engine = stage.engine(
      { time: '10', extra: ['--comment=a "b" \'c\' # d $e'] },
      { taskEnv: { GREETING: "it's\n$x" } },
    )
    const name = newName()
    assert.equal(await engine.find(name), null)
    const handle = await submitted(engine, 3, 3, name)
    await untilTasks(
      engine,
      handle,
      'all to complete',
      (looks) => looks.length === 3 && allAre('completed')(looks),
    )
    assert.equal(await engine.find(name), handle)
    for (const index of [0, 1, 2]) {
      const { words, cwd, greeting } = stage.said().get(`3.${index}.0`)!
      const [task, store, array, own, job, node, restarts] = words
      assert.deepEqual([task, store, array, own], ['task', stage.store, '3', String(index)])
      assert.deepEqual([job, restarts, cwd, greeting], [`${handle}_${index}`, '0', stage.store, "it's\n$x"])
      assert.ok(slurm.nodes.includes(node!))
      assert.equal(await engine.logs(3, index), `task ${index} begins, 0\n`)
    }
    const usage = await engine.collect(handle)
    assert.deepEqual(
      usage.map(({ index, job, state, exit }) => [index, job, state, exit]),
      [0, 1, 2].map((index) => [index, `${handle}_${index}`, 'completed', '0:0']),
    )
    for (const { node, started, ended } of usage) {
      assert.ok(slurm.nodes.includes(node!))
      assert.ok(Math.abs(Date.parse(started!) - Date.now()) < 600_000 && started! <= ended!, started!)
    }
    assert.match(slurm.ask('scontrol', 'show', 'job', handle), /Comment=a "b" 'c' # d \$e/)
    await engine.clean(3)
    assert.ok(!existsSync(join(stage.store, 'arrays/3/job.sh')) && !existsSync(join(stage.store, 'logs/3')))
    assert.equal(await engine.logs(3, 0), '')
  })

  await t.test('should leave a job script that can be submitted by hand', async (t) => {
    const stage = new Stage(t, slurm)
    const engine = stage.engine()
    const name = newName()
    const first = await submitted(engine, 1, 2, name)
    await untilTasks(engine, first, 'it to complete', allAre('completed'))
    const byHand = spawnSync('sbatch', ['job.sh'], {
      cwd: join(stage.store, 'arrays/1'),
      env: { PATH: process.env.PATH, ...slurm.env },
      encoding: 'utf8',
    })
    const id = /^Submitted batch job (\d+)$/.exec(byHand.stdout.trim())?.[1]
    assert.ok(id !== undefined, byHand.stderr)
    await untilTasks(
      engine,
      id,
      'it to complete',
      (looks) => looks.length === 2 && allAre('completed')(looks),
    )
    assert.deepEqual(stage.said().get('1.1.0')?.words.slice(1, 5), [stage.store, '1', '1', `${id}_1`])
    assert.equal(await engine.find(name), id)
  })

  await t.test('should not have its wishes changed by variables', async (t) => {
    const env = {
      ...process.env,
      ...slurm.env,
      SBATCH_PARTITION: 'none',
      SQUEUE_STATES: 'FAILED',
      SQUEUE_FORMAT: '%i',
    }
    const engine = new Stage(t, slurm).engine({}, { env })
    const handle = await submitted(engine, 1, 1)
    await untilTasks(engine, handle, 'it to complete', allAre('completed'))
  })

  await t.test('should cancel what runs and what waits, and let be what is over', async (t) => {
    const stage = new Stage(t, slurm)
    const engine = stage.engine()
    stage.behave(1, 'wait')
    const over = await submitted(engine, 2, 1)
    await untilTasks(engine, over, 'one to complete', allAre('completed'))
    const handle = await submitted(engine, 1, 6)
    const looks = await untilTasks(
      engine,
      handle,
      'four to run',
      (all) => all.filter(({ state }) => state === 'running').length === 4,
    )
    const waiting = looks.filter(({ state }) => state === 'pending')
    assert.deepEqual(waiting.map(({ node, restarts }) => [node, restarts]), [[null, 0], [null, 0]]) // biome-ignore format: pairs
    assert.match(waiting[0]!.words ?? '', /^(Resources|Priority|)$/)
    await until('all four to have begun', () => stage.said().size === 1 + 4)
    await engine.cancel([over, handle])
    const ended = await untilTasks(engine, handle, 'all to be cancelled', allAre('cancelled'))
    assert.deepEqual(ended.map(({ words }) => words?.split(' ')[0]), Array(6).fill('CANCELLED')) // biome-ignore format: short
    assert.match(await engine.logs(1, 0), /begins, 0\n(.*\n)*heard that it is to end\n/)
    await engine.cancel([over, handle, '999999'])
    const [done] = await untilTasks(engine, over, 'the other to be known', () => true)
    assert.deepEqual([done?.state, done?.words], ['completed', 'COMPLETED'])
  })

  await t.test('should tell that a task was started again, by people or because of its node', async (t) => {
    const stage = new Stage(t, slurm)
    const engine = stage.engine()
    stage.behave(1, 'wait')
    const handle = await submitted(engine, 1, 2)
    await until('both to have begun', () => stage.said().size === 2)
    slurm.requeue(`${handle}_0`)
    await until('the first to begin again', () => stage.said().has('1.0.1'))
    const [first, second] = await untilTasks(engine, handle, 'both to run', allAre('running'))
    assert.deepEqual([first?.restarts, second?.restarts], [1, 0])
    assert.match(await engine.logs(1, 0), /begins, 0\n(.*\n)*task 0 begins, 1\n/)
    slurm.setNode(second!.node!, 'down')
    await until('the second to begin again', () => stage.said().has('1.1.1'), 120_000)
    slurm.setNode(second!.node!, 'resume')
    await untilTasks(
      engine,
      handle,
      'both to run again',
      (looks) => allAre('running')(looks) && looks[1]?.restarts === 1,
    )
    await engine.cancel([handle])
  })

  await t.test('should tell failures apart', async (t) => {
    const stage = new Stage(t, slurm)
    const engine = stage.engine({ extra: ['--no-requeue'] })
    for (const [array, manner] of [[1, 'fail'], [2, 'die'], [3, 'wait']] as const) stage.behave(array, manner) // biome-ignore format: pairs
    const [fails, dies, waits] = [
      await submitted(engine, 1, 1),
      await submitted(engine, 2, 1),
      await submitted(engine, 3, 1),
    ]
    const [failed] = await untilTasks(engine, fails, 'one to fail', allAre('failed'))
    assert.equal(failed?.words, 'FAILED (NonZeroExitCode)')
    assert.equal((await engine.collect(fails))[0]?.exit, '3:0')
    const [died] = await untilTasks(engine, dies, 'one to die', allAre('failed'))
    assert.match(died?.words ?? '', /^FAILED \(\w+/)
    assert.equal((await engine.collect(dies))[0]?.exit, '0:9')
    await until('one to wait', () => stage.said().has('3.0.0'))
    assert.deepEqual(await engine.collect(waits), [])
    const [running] = await untilTasks(engine, waits, 'it to run', allAre('running'))
    slurm.setNode(running!.node!, 'down')
    const [lost] = await untilTasks(engine, waits, 'it to be lost', allAre('node-fail'))
    slurm.setNode(running!.node!, 'resume')
    assert.match(lost?.words ?? '', /^NODE_FAIL/)
    assert.equal(lost?.node, running?.node)
  })

  await t.test('should refuse what Slurm refuses, in its words and with what to do', async (t) => {
    const stage = new Stage(t, slurm)
    const refusals = [
      [{ partition: 'no ne"' }, 1, /invalid partition specified: no ne"; .*Invalid partition name/i, /sinfo/],
      [{ memory: '900G' }, 1, /Memory specification can not be satisfied/, /memory/],
      [{ constraint: 'fast&big' }, 1, /Invalid feature specification/, /constraint/],
      [{ time: 'soon' }, 1, /Invalid --time specification/, /time/],
      [{ extra: ['--no-such=1'] }, 1, /unrecognized option/, /extra/],
      [{ extra: ['--gres=gpu:1'] }, 1, /gres/, /extra/],
      [{}, 1002, /Invalid job array specification/, /MaxArraySize/],
    ] as const
    for (const [wishes, count, words, remedy] of refusals) {
      await assert.rejects(submitted(stage.engine(wishes), 1, count), (error: RepriseError) => {
        assert.deepEqual([error.code, error.subject], ['usage', 'slurm'], error.line)
        assert.match(error.message, words)
        assert.match(error.remedy, remedy)
        return true
      })
    }
    const engine = stage.engine({ extra: ['--hold'] })
    const handle = await submitted(engine, 1, 1001)
    const looks = await untilTasks(engine, handle, 'all to be known', (all) => all.length === 1001)
    assert.deepEqual(
      [looks[1000]?.state, looks[1000]?.words, looks[1000]?.job],
      ['pending', 'JobHeldUser', `${handle}_1000`],
    )
    slurm.cancel(`${handle}_5`)
    const fewer = (await engine.status([handle])).get(handle)
    assert.deepEqual([fewer?.size, fewer?.has(5)], [1000, false]) // Slurm forgets a task that never began at once
    await engine.cancel([handle])
  })

  await t.test('should know nothing of arrays that are not there, and the others all the same', async (t) => {
    const engine = new Stage(t, slurm).engine()
    const handle = await submitted(engine, 1, 1)
    await untilTasks(engine, handle, 'it to complete', allAre('completed'))
    assert.deepEqual([...(await engine.status(['999999'])).keys()], [])
    assert.deepEqual([...(await engine.status(['999999', handle, '999998'])).keys()], [handle])
    assert.deepEqual([...(await engine.status([]))], [])
    assert.deepEqual(await engine.collect('999999'), [])
    await assert.rejects(engine.status(['1 2']), { code: 'not-intact' })
    await assert.rejects(engine.find('a,b'), { code: 'usage' })
  })

  await t.test('should find what was submitted although nobody said so', async (t) => {
    const stage = new Stage(t, slurm)
    const real = `"${programPath('sbatch')}" "$@" >/dev/null`
    const liars = {
      silent: `${real}; exec sleep 600`,
      dead: `${real}; kill -9 $$`,
      wrong: `${real}; echo "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation" >&2; exit 1`,
      mute: real,
    }
    for (const [what, text] of Object.entries(liars)) {
      const sbatch = join(stage.store, `sbatch-${what}`)
      writeFileSync(sbatch, `#!/bin/sh\n[ "$1" = --version ] && exit\n${text}\n`, { mode: 0o755 })
      const engine = stage.engine(
        { extra: ['--hold'] },
        { programs: { sbatch }, patience: { submit: 10_000 } },
      )
      const order = { name: newName(), array: 1, count: 2 }
      await engine.stage(order)
      await assert.rejects(engine.submit(order), { code: 'engine' }, what)
      const handle = await engine.find(order.name)
      assert.equal(handle, slurm.arrays().at(-1), what)
      assert.equal((await engine.status([handle!])).get(handle!)?.size, 2)
      await engine.cancel([handle!])
    }
  })

  await t.test('should say that it cannot ask, or does not know, while the controller is away', async (t) => {
    const env = { ...process.env, ...slurm.env, SLURM_CONF: `${slurm.env.SLURM_CONF}.none` }
    const engine = new Stage(t, slurm).engine({ extra: ['--hold'] })
    const handle = await submitted(engine, 1, 1)
    await slurm.stopController()
    const questions = [
      () => engine.probe(),
      () => engine.status([handle]),
      () => engine.find('x'),
      () => engine.cancel([handle]),
      () => submitted(engine, 2, 1),
      () => new Stage(t, slurm).engine({}, { env, patience: { ask: 3000 } }).probe(), // no configuration either
    ]
    await Promise.all(questions.map((question) => assert.rejects(question(), { code: 'engine' })))
    await slurm.startController()
    await untilTasks(engine, handle, 'it to wait', allAre('pending'))
    await engine.cancel([handle])
  })
})
