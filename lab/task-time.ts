/** How long a task is to take can be said only where there are tasks. Apart, so that whoever stays at home loads no ssh. */
import { RepriseError } from '../lib/errors.ts'
import type { RunnerOptions } from './runner-for.ts'

/** Only a scheduler has tasks. */
export function demandNoTaskTime({ taskTime }: Pick<RunnerOptions, 'taskTime'>, runner: string): void {
  if (taskTime === undefined) return
  throw new RepriseError('usage', `is for the tasks of a scheduler, and ${runner} has none`, {
    subject: '--task-time',
    remedy: 'Leave it out, or name the cluster of a scheduler by --runner',
  })
}
