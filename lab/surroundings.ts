/** What the process that leads a session lives in: the machine and runtime, a container, a job of a scheduler. */
import { containerHere } from '../provenance/container.ts'
import type { SessionEnvironment } from '../provenance/manifest.ts'
import { slurmHere } from '../provenance/slurm.ts'
import { environment } from '../runners/environment.ts'

/** As a session's record has it. These may differ from session to session; what engines say of themselves must not. */
export function sessionEnvironment(): SessionEnvironment {
  const [container, slurm] = [containerHere(), slurmHere()]
  return {
    ...environment(),
    ...(container === null ? {} : { container }),
    ...(slurm === null ? {} : { slurm }),
  }
}
