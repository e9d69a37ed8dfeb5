/** The program of a head that speaks with clouds, which is on the user's own machine: in one file as the other, and larger. */
import { beHead } from './be-head.ts'
import { batchKind, kubernetesKind } from './cloud-kinds.ts'
import { slurmKind } from './slurm-kind.ts'

await beHead({ slurm: slurmKind, kubernetes: kubernetesKind, 'aws-batch': batchKind })
