/** How many engines a task has: as many as was said, or as many as the whole processors that are asked for it. */
import type { KubernetesWishes } from '../kubernetes/profile.ts'
import type { SchedulerManner } from './submission.ts'

export function taskEngines(manner: SchedulerManner): number {
  const { wishes } = manner
  if (wishes.engines !== undefined) return wishes.engines
  return manner.kind === 'kubernetes' ? wholeCpus(manner.wishes) : (manner.wishes.cpus ?? 1)
}

/** At least one. A limit that comes without a request is the request too, as Kubernetes has it. */
function wholeCpus({ resources }: KubernetesWishes): number {
  const told = resources?.requests?.cpu ?? resources?.limits?.cpu ?? '1'
  const cpus = told.endsWith('m') ? Number(told.slice(0, -1)) / 1_000 : Number(told)
  return Number.isFinite(cpus) ? Math.max(1, Math.floor(cpus)) : 1
}
