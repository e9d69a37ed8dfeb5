/** Commands on clusters, of hosts or of a scheduler: named, listed, tried, their host keys accepted, what was left on them removed. */
import { type Command, Option } from 'commander'
import { collect, price, seconds, wholeNumber } from './options.ts'
import { addTo, program } from './program.ts'

const cluster = program
  .command('cluster')
  .summary('machines that are reached by ssh, and clusters of a scheduler: add, ls, check, accept, clean')
  .description(
    'Machines that are reached by ssh, under names for --runner ssh:NAME; and clusters of a scheduler, for --runner slurm:NAME, kubernetes:NAME or aws-batch:NAME.',
  )

const adding = addTo(
  cluster,
  'add <name> [hosts...]',
  'name some hosts, each [user@]host[:port]; or with --slurm, --kubernetes or --aws-batch the cluster of a scheduler',
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
    'a folder on the hosts for Reprise; with --slurm one that all nodes see; with --kubernetes or --aws-batch one of this machine (default: ~/.cache/reprise)',
  )
  .option('--node <path>', 'Node on the hosts; looked for when not given')
  .option(
    '-e, --engines <n>',
    'engines on each host (default: one per core), or of a scheduler in each task (default: one per CPU)',
    wholeNumber('--engines', 1, 1024),
  )
  .option('--head <host>', 'the host that leads detached runs (default: the first)')
  .option('--project', 'write to reprise.config.json beside the lab, for all who have the project')
  .option('--replace', 'in place of a cluster of the same name')
withCloud(withSlurm(withTasks(adding)))
addTo(
  cluster,
  'ls',
  'list the clusters that are named here',
  async () => (await import('./commands/cluster/ls.ts')).clusterLs,
)
addTo(
  cluster,
  'check <name>',
  'try every host: host key, login, Node, clock, disk, arithmetic; of a scheduler what is missing: rights, bucket, image, quota',
  async () => (await import('./commands/cluster/check.ts')).clusterCheck,
).option(
  '--image',
  'of Kubernetes and AWS Batch: also have one task started, to see whether its image can be had',
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
  'remove what Reprise keeps on the hosts, and of runs in a bucket, but for those that are unfinished or not collected',
  async () => (await import('./commands/cluster/clean.ts')).clusterClean,
).option('--dry-run', 'only tell what would be removed')

function withSlurm(command: Command): Command {
  return command
    .option('--slurm', 'a Slurm cluster; what follows is for those')
    .option('--via <runner>', 'where sbatch is: local, which is here, or ssh:NAME (default: local)')
    .option('--partition <name>', 'as in sbatch')
    .option('--account <name>', 'as in sbatch')
    .option('--qos <name>', 'as in sbatch')
    .option('--constraint <words>', 'as in sbatch')
    .option('--time <time>', 'limit of a task, as in sbatch: 30 (minutes), 1:30:00, 2-12')
    .option(
      '--extra <option>',
      'a further option of sbatch, --extra=--gres=gpu:1; may be given again',
      collect,
      [],
    )
}

function withTasks(command: Command): Command {
  return command
    .option('--price <price>', 'what a core costs for an hour, with its currency: "0.04 USD"', price)
    .option('--cpus <n>', 'of a scheduler: CPUs of a task (default: 1)', wholeNumber('--cpus', 1, 1024))
    .option('--memory <size>', 'memory of a task: 512M, 4G')
    .option(
      '--max-tasks <n>',
      'tasks at once (default: as many as it takes)',
      wholeNumber('--max-tasks', 1, 1e6),
    )
    .option('--task-time <seconds>', 'how long a task is to take (default: 120)', seconds('--task-time'))
}

function withCloud(command: Command): Command {
  return command
    .option('--kubernetes', 'a Kubernetes cluster; what follows is for those')
    .option('--kubeconfig <file>', 'as kubectl finds it when not given')
    .option('--context <name>', 'of the kubeconfig (default: its current one)')
    .option('--namespace <name>', 'where pods are to be (default: that of the context)')
    .option(
      '--secret <name>',
      'a secret there with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for the bucket',
    )
    .option('--service-account <name>', 'of pods, where that has rights to the bucket')
    .option('--parallelism <n>', 'pods of a Job at once', wholeNumber('--parallelism', 1, 100_000))
    .option('--node-selector <key=value>', 'a label that nodes must have; may be given again', collect, [])
    .option('--aws-batch', 'a queue of AWS Batch; what follows is for those')
    .option('--queue <name>', 'name or ARN of the job queue')
    .option('--job-role <arn>', 'the role that tasks have, which may read and write the bucket')
    .option('--execution-role <arn>', 'the role that starts tasks, which Fargate needs')
    .addOption(new Option('--platform <name>', 'where tasks run (default: EC2)').choices(['EC2', 'FARGATE']))
    .option('--attempts <n>', 'of a task (default: 3)', wholeNumber('--attempts', 1, 10))
    .option('--batch-endpoint <url>', 'a service that is not AWS Batch itself')
    .option('--bucket <name>', 'of both: the bucket that this machine and tasks share')
    .option('--prefix <path>', 'the beginning of all keys in it')
    .option('--endpoint <url>', 'of an object store that is not AWS, such as https://minio.example.org')
    .option('--endpoint-inside <url>', 'the same as tasks see it, where that is another')
    .option('--region <name>', 'of the bucket and the queue')
    .option('--profile <name>', 'of your AWS configuration, for this machine alone')
    .option(
      '--image <name>',
      'the container image of tasks, with Node 20.19 or later (default: node:VERSION-slim)',
    )
}
