/** What a supervisor has chunks executed by, where there is a scheduler: tasks of arrays, whatever the kind of scheduler. */
import { arrayRunner } from '../array/runner.ts'
import type { Runner } from '../runner.ts'
import { type Headquarters, kindOf, type SchedulerKinds, type TasksOfRun } from './scheduler-kind.ts'
import type { SchedulerManner, Submission } from './submission.ts'
import type { Far } from './supervise.ts'
import { taskCores } from './task-engines.ts'

/** Throws `usage` where this head does not know the scheduler. */
export function startArray(
  submission: Submission,
  scheduler: SchedulerManner,
  kinds: SchedulerKinds,
  at: Headquarters,
): Far {
  const { timeoutMs } = submission
  const { taskMs, chunkMs, maxCoreHours = null } = scheduler
  const had = kindOf(scheduler, kinds).begin(submission, scheduler, at)
  const { engine, store, engines, maxTasks, capsule, inputs } = had
  const tasks = new Map<string, number>()
  const waiting = new Map<string, string>()
  let coreMs: number | null = null
  const runner = arrayRunner({
    ...{ engine, store, engines, maxTasks, timeoutMs, taskMs, chunkMs, maxCoreHours },
    cores: taskCores(scheduler),
    tell(now) {
      replace(tasks, now.counts)
      replace(waiting, now.waiting)
      coreMs = now.coreMs
    },
  })
  return {
    ...{ capsule, inputs, tasks },
    runner: prepared(runner, had),
    hosts: waiting, // there are no others here
    coreMs: () => coreMs,
    remembers: true,
    close() {
      engine.close?.()
      had.close?.()
    },
  }
}

/** The runner, once what its tasks need is where they find it. One that is only to end them needs nothing there. */
function prepared(runner: Runner, { prepare }: TasksOfRun): Runner {
  if (prepare === undefined) return runner
  return {
    ...runner,
    async execute(assignment, sink, signal) {
      try {
        await prepare(signal, (words) =>
          sink.log({ engine: 0, chunk: -1, job: -1, stream: 'log', text: `${words}\n` }),
        )
      } catch (error) {
        if (!signal.aborted) throw error
      }
      await runner.execute(assignment, sink, signal)
    },
  }
}

function replace<T>(map: Map<string, T>, by: Readonly<Record<string, T>>): void {
  map.clear()
  for (const [name, value] of Object.entries(by)) map.set(name, value)
}
