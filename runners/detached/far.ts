/** The program that goes to the head of a cluster, in one file, like a capsule: to hosts of one's own, and where there is Slurm. */
import { beHead } from './be-head.ts'
import { slurmKind } from './slurm-kind.ts'

await beHead({ slurm: slurmKind })
