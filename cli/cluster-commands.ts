/** Commands on clusters, of hosts or of a scheduler: named, listed, tried, their host keys accepted, what was left on them removed. */
import type { Command } from 'commander'
import { collect, seconds, wholeNumber } from './options.ts'
import { addTo, program } from './program.ts'

const cluster = program
  .command('cluster')
  .summary('machines that are reached by ssh, and Slurm clusters: add, ls, check, accept, clean')
  .description(
    'Machines that are reached by ssh, under names for --runner ssh:NAME; and Slurm clusters, for --runner slurm:NAME.',
  )

const adding = addTo(
  cluster,
  'add <name> [hosts...]',
  'name some hosts, each [user@]host[:port], or with --slurm a Slurm cluster',
  async () => (await import('./commands/cluster/add.ts')).clusterAdd,
)
  .option('-u, --user <user>', 'who logs in; whom ssh’s configuration says when not given')
  .option('-p, --port <port>', 'of the ssh server', wholeNumber('--port', 1, 65_535))
  .option('-i, --identity <file>', 'a private key to try first; may be given again', collect, [])
  .option(
    '-J, --jump <host>',
    'a host to go through, [user@]host[:port]; may be given again, from the first on the way to the last',
    collect,
    [],
  )
  .option(
    '--directory <path>',
    'a folder on the hosts for Reprise; with --slurm one that all nodes see (default: ~/.cache/reprise)',
  )
  .option('--node <path>', 'Node on the hosts; looked for when not given')
  .option(
    '-e, --engines <n>',
    'engines on each host (default: one per core), or with --slurm in each task (default: one per CPU)',
    wholeNumber('--engines', 1, 1024),
  )
  .option('--head <host>', 'the host that leads detached runs (default: the first)')
  .option('--project', 'write to reprise.config.json beside the lab, for all who have the project')
  .option('--replace', 'in place of a cluster of the same name')
withSlurm(adding)
addTo(
  cluster,
  'ls',
  'list the clusters that are named here',
  async () => (await import('./commands/cluster/ls.ts')).clusterLs,
)
addTo(
  cluster,
  'check <name>',
  'try every host: host key, login, Node, clock, disk, arithmetic',
  async () => (await import('./commands/cluster/check.ts')).clusterCheck,
)
addTo(
  cluster,
  'accept <name> <host> <fingerprint>',
  'trust the host key that has this fingerprint, of a host or jump host of the cluster',
  async () => (await import('./commands/cluster/accept.ts')).clusterAccept,
)
addTo(
  cluster,
  'clean <name>',
  'remove what Reprise keeps on the hosts, but for unfinished runs',
  async () => (await import('./commands/cluster/clean.ts')).clusterClean,
)

function withSlurm(command: Command): Command {
  return command
    .option('--slurm', 'a Slurm cluster; what follows is for those')
    .option('--via <runner>', 'where sbatch is: local, which is here, or ssh:NAME (default: local)')
    .option('--partition <name>', 'as in sbatch')
    .option('--account <name>', 'as in sbatch')
    .option('--qos <name>', 'as in sbatch')
    .option('--constraint <words>', 'as in sbatch')
    .option('--time <time>', 'limit of a task, as in sbatch: 30 (minutes), 1:30:00, 2-12')
    .option('--memory <size>', 'memory of a task: 512M, 4G')
    .option('--cpus <n>', 'CPUs of a task (default: 1)', wholeNumber('--cpus', 1, 1024))
    .option(
      '--extra <option>',
      'a further option of sbatch, --extra=--gres=gpu:1; may be given again',
      collect,
      [],
    )
    .option(
      '--max-tasks <n>',
      'tasks at once (default: as many as it takes)',
      wholeNumber('--max-tasks', 1, 1e6),
    )
    .option('--task-time <seconds>', 'how long a task is to take (default: 120)', seconds('--task-time'))
}
