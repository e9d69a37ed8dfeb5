/** How tasks of a real Slurm end that is not their own doing, what becomes of those that it forgets, and when it has no room. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { available, startSlurm } from '../../slurm/cluster.ts'
import { until } from '../../sshd/processes.ts'
import { allAre, Stage, submitted, untilTasks } from './stand-in.ts'

const skip = !available('tests of how tasks of Slurm end')

test('the ends of tasks of Slurm', { skip, concurrency: 4 }, async (t) => {
  const slurm = await startSlurm(t, {
    nodes: 2,
    cpus: 2,
    minJobAge: 15,
    maxJobCount: 40,
    lines: ['PreemptType=preempt/partition_prio', 'PreemptMode=CANCEL'],
    partitions: [
      'PartitionName=low Nodes=n1 Default=YES PriorityTier=1',
      'PartitionName=again Nodes=n1 PriorityTier=1 PreemptMode=REQUEUE',
      'PartitionName=high Nodes=n1 PriorityTier=9',
      'PartitionName=apart Nodes=n2',
    ],
  })

  const late = new Stage(t, slurm)
  late.behave(1, 'wait')
  const short = late.engine({ partition: 'apart', time: '1' })
  const timed = await submitted(short, 1, 1)

  const ends = [
    t.test('should tell that a task had to make room, and whether it begins again', async (t) => {
      const stage = new Stage(t, slurm)
      stage.behave(1, 'wait')
      stage.behave(2, 'wait')
      const low = stage.engine({ partition: 'low', cpus: 1 })
      const again = stage.engine({ partition: 'again', cpus: 1 })
      const [first, second] = [await submitted(low, 1, 1), await submitted(again, 2, 1)]
      await until('both to begin', () => stage.said().size === 2)
      const high = stage.engine({ partition: 'high', cpus: 2 })
      const third = await submitted(high, 3, 1)
      const [preempted] = await untilTasks(low, first, 'one to make room', allAre('preempted'))
      assert.match(preempted?.words ?? '', /^PREEMPTED/)
      assert.match(await low.logs(1, 0), /heard that it is to end/)
      await until('one to begin again', () => stage.said().has('2.0.1'), 180_000)
      assert.ok(stage.said().has('3.0.0'))
      const [back] = await untilTasks(again, second, 'it to run', allAre('running'))
      assert.equal(back?.restarts, 1)
      await again.cancel([second, third])
    }),
    t.test('should say that there is no room now, and take as many when there is', async (t) => {
      const engine = new Stage(t, slurm).engine({ extra: ['--hold'] })
      assert.equal((await engine.probe()).maxTasks, 40)
      const handle = await submitted(engine, 1, 30)
      await assert.rejects(submitted(engine, 2, 30), { code: 'busy', subject: 'slurm' })
      await engine.cancel([handle])
    }),
    t.test('should tell that the time of a task was over, of which it was warned', async () => {
      const [over] = await untilTasks(short, timed, 'its time to be over', allAre('timeout'))
      assert.equal(over?.words?.split(' ')[0], 'TIMEOUT')
      assert.match(await late.engine().logs(1, 0), /heard that it is to end/)
    }),
    t.test('should know nothing of tasks that Slurm has forgotten', async (t) => {
      const engine = new Stage(t, slurm).engine()
      const handle = await submitted(engine, 1, 1)
      await untilTasks(engine, handle, 'it to complete', allAre('completed'))
      await until('it to be forgotten', async () => (await engine.status([handle])).size === 0, 240_000)
      assert.deepEqual(await engine.collect(handle), [])
      await engine.cancel([handle])
    }),
  ]
  await Promise.all(ends)
})
