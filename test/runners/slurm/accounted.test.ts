/** The array engine against a Slurm with an accounting: what was measured of tasks, what it remembers, and its limits. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RepriseError } from '../../../lib/errors.ts'
import { accountingAvailable, startSlurm } from '../../slurm/cluster.ts'
import { until } from '../../sshd/processes.ts'
import { allAre, newName, Stage, submitted, untilTasks } from './stand-in.ts'

const skip = !accountingAvailable('tests of the accounting of Slurm')

test('an accounting of Slurm', { skip }, async (t) => {
  const slurm = await startSlurm(t, { nodes: 1, cpus: 4, minJobAge: 2, accounting: true })
  const wishes = { account: 'test' }

  await t.test(
    'should tell processor time and memory of tasks, and remember what the scheduler forgot',
    async (t) => {
      const stage = new Stage(t, slurm)
      const engine = stage.engine(wishes)
      assert.equal((await engine.probe()).accounting, true)
      stage.behave(1, 'work')
      stage.behave(2, 'fail')
      const name = newName()
      const [works, fails] = [await submitted(engine, 1, 2, name), await submitted(engine, 2, 1)]
      await untilTasks(
        engine,
        works,
        'all to complete',
        (looks) => looks.length === 2 && allAre('completed')(looks),
      )
      await until('the accounting to have it', async () => {
        const usage = await engine.collect(works)
        return usage.length === 2 && usage.every(({ cpuMs, ended }) => cpuMs !== null && ended !== null)
      })
      for (const { cpuMs, maxRssBytes, started, ended, exit, node, state } of await engine.collect(works)) {
        assert.deepEqual([exit, node, state], ['0:0', 'n1', 'completed'])
        assert.ok(cpuMs! > 100 && cpuMs! < 120_000, String(cpuMs))
        assert.ok(maxRssBytes! > 100e6 && maxRssBytes! < 2e9, String(maxRssBytes))
        assert.ok(Math.abs(Date.parse(started!) - Date.now()) < 600_000 && started! <= ended!)
      }
      await until('the scheduler to forget', () => slurm.tasks().length === 0, 240_000)
      const fresh = stage.engine(wishes) // the other may remember what it was told
      const looks = await fresh.status([works, fails, '999999'])
      assert.deepEqual([...looks.keys()].sort(), [works, fails].sort())
      assert.deepEqual(
        [...looks.get(works)!.values()].map(({ state, words, node }) => [state, words, node]),
        [1, 2].map(() => ['completed', 'COMPLETED', 'n1']),
      )
      assert.equal(looks.get(fails)?.get(0)?.state, 'failed')
      assert.equal((await fresh.collect(fails))[0]?.exit, '3:0')
      assert.equal(await fresh.find(name), works)
      assert.equal(await fresh.find(newName()), null)
    },
  )

  await t.test('should say that there is no room where a limit of submitted jobs is met', async (t) => {
    const limit = ['--immediate', 'modify', 'account', 'test', 'set']
    slurm.ask('sacctmgr', ...limit, 'GrpSubmitJobs=10')
    const engine = new Stage(t, slurm).engine({ ...wishes, extra: ['--hold'] })
    const full = (error: RepriseError) =>
      error.code === 'busy' && /AssocGrpSubmitJobsLimit/.test(error.message)
    await until('the limit to be in force', async () => {
      try {
        await engine.cancel([await submitted(engine, 1, 11)])
        return false
      } catch (error) {
        return full(error as RepriseError)
      }
    })
    const handle = await submitted(engine, 2, 10)
    await assert.rejects(submitted(engine, 3, 1), full)
    await engine.cancel([handle])
    slurm.ask('sacctmgr', ...limit, 'GrpSubmitJobs=-1')
    for (const wrong of [{ account: 'none' }, { ...wishes, qos: 'none' }])
      await assert.rejects(submitted(new Stage(t, slurm).engine(wrong), 1, 1), (error: RepriseError) => {
        assert.deepEqual([error.code, /sacctmgr/.test(error.remedy)], ['usage', true], error.line)
        assert.match(error.message, /Invalid (account|qos)/)
        return true
      })
  })

  await t.test('should go by the scheduler alone while the accounting is away', async (t) => {
    const stage = new Stage(t, slurm)
    const engine = stage.engine(wishes)
    await engine.probe()
    await slurm.stopAccounting()
    stage.behave(1, 'wait')
    const name = newName()
    const handle = await submitted(engine, 1, 1, name)
    await untilTasks(engine, handle, 'it to run', allAre('running'))
    assert.equal(await engine.find(name), handle)
    await assert.rejects(engine.find(newName()), { code: 'engine' }) // it may have been, and be forgotten
    await assert.rejects(engine.collect(handle), { code: 'engine' })
    await engine.cancel([handle])
    slurm.startAccounting()
    await until('it to be accounted for', async () => {
      try {
        return (await engine.collect(handle)).some(({ state }) => state === 'cancelled')
      } catch {
        return false // it does not answer yet
      }
    })
  })
})
