/** How large a task is: its engines, and the cores that are asked for it, and paid. */
import { amountOf } from '../kubernetes/amounts.ts'
import type { KubernetesWishes } from '../kubernetes/profile.ts'
import type { SchedulerManner } from './submission.ts'

/** As many as was said, or as many as the whole processors that are asked for it; at least one. */
export function taskEngines(manner: SchedulerManner): number {
  return manner.wishes.engines ?? Math.max(1, Math.floor(taskCores(manner)))
}

/** Of Kubernetes perhaps a part of one. */
export function taskCores(manner: SchedulerManner): number {
  return manner.kind === 'kubernetes' ? cpusOf(manner.wishes) : (manner.wishes.cpus ?? 1)
}

/** A limit that comes without a request is the request too, as Kubernetes has it. */
function cpusOf({ resources }: KubernetesWishes): number {
  const cpus = amountOf(resources?.requests?.cpu ?? resources?.limits?.cpu ?? '1') ?? 1
  return cpus > 0 ? cpus : 1
}
