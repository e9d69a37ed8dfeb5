/** Commands on the life of a run: tried, executed, followed, resumed, executed again. */
import { Option } from 'commander'
import { CLUSTER_WORDS } from '../lab/cluster-word.ts'
import {
  collect,
  seconds,
  wholeNumber,
  withAudit,
  withBudget,
  withDetach,
  withEngines,
  withRecord,
  withReplicas,
  withTimeout,
} from './options.ts'
import { add } from './program.ts'

withTimeout(
  add(
    'check <file>',
    'execute a few chunks under other circumstances and compare every bit, before a run',
    async () => (await import('./commands/check.ts')).check,
  ),
)
  .addOption(
    new Option('-c, --chunks <k>', 'how many chunks: the first, the last, others between')
      .default(4)
      .argParser(wholeNumber('--chunks', 1, 10_000)),
  )
  .addOption(
    new Option(
      '-r, --runtime <node>',
      'another Node to execute them on, by version or path; may be given again',
    )
      .default([], 'those on PATH and those fetched before')
      .argParser(collect),
  )
  .addOption(
    new Option('--skip <variation>', 'leave one out; may be given again')
      .default([], 'none')
      .argParser(collect),
  )
  .addHelpText(
    'after',
    `
Exit code 0: no bit differs. 3: some do. 5: none differs, but some chunks could not be executed. What cannot be
varied on this machine is told, and is no fault.`,
  )
add(
  'plan <file>',
  'what a run would take, from a pilot of a few chunks, before anything is spent',
  async () => (await import('./commands/plan.ts')).plan,
)
  .addOption(
    new Option('--runner <runner>', `where engines would run: local, ${CLUSTER_WORDS}`).default('local'),
  )
  .addOption(
    new Option(
      '-e, --engines <n>',
      'engines at once; of a scheduler, how many it is expected to give (default: one per core, or all of the cluster)',
    ).argParser(wholeNumber('--engines', 1, 100_000)),
  )
  .addOption(
    new Option(
      '--task-time <seconds>',
      'how long a task of a scheduler is to take (default: what its configuration says, else 120)',
    ).argParser(seconds('--task-time')),
  )
  .addOption(
    new Option('--pilot <k>', 'chunks of the pilot at least; more where they are short')
      .default(3)
      .argParser(wholeNumber('--pilot', 1, 10_000)),
  )
  .addOption(
    new Option('--pilot-time <seconds>', 'how long the pilot may take')
      .default(30)
      .argParser(seconds('--pilot-time')),
  )
  .addHelpText(
    'after',
    `
The pilot is executed by one engine on this machine. It leaves nothing behind, and nothing is submitted or connected.

Exit code 0: told, if only by lower bounds. 1: every job failed. 5: told, but some chunks could not be executed.`,
  )
withBudget(
  withDetach(
    withReplicas(
      withEngines(
        add(
          'run <file>',
          'execute an experiment, seal its results, write the manifest',
          async () => (await import('./commands/run.ts')).run,
        ),
      ),
    ),
  ),
).option('--audited', 'refuse code that is not, byte for byte, that of a commit')
withAudit(
  withDetach(
    withReplicas(
      withEngines(
        withRecord(
          add(
            'rerun <manifest|bundle|pdf|run>',
            'execute again from a manifest, bundle, PDF or run and compare every bit',
            async () => (await import('./commands/rerun.ts')).rerun,
          ),
        ),
      ),
    ),
  ),
).option('-y, --yes', 'execute code from elsewhere without asking')
add(
  'status [run]',
  'how far a run is; without RUN, all that is unfinished',
  async () => (await import('./commands/status.ts')).status,
)
add(
  'watch [run]',
  'follow a run that another process executes',
  async () => (await import('./commands/watch.ts')).watch,
)
withBudget(
  withDetach(
    withEngines(
      add(
        'resume <run>',
        'execute what is missing of a run',
        async () => (await import('./commands/resume.ts')).resume,
      ),
    ),
  ),
).option('-y, --yes', 'execute code from elsewhere without asking')
add(
  'collect [run]',
  'get what a cluster has executed of a detached run; a cluster such as slurm:NAME lists its runs, slurm:NAME/RUN takes one from another lab',
  async () => (await import('./commands/collect.ts')).collect,
)
  .option('-f, --follow', 'until the run has ended there')
  .option('--forget', 'of a run that is over: what is there may be removed there (cluster clean)')
add(
  'cancel <run>',
  'stop a run; what is done is kept',
  async () => (await import('./commands/cancel.ts')).cancel,
).option('--give-up', 'of a run on a cluster that cannot be reached: only here')
add('ls', 'list the runs of this lab', async () => (await import('./commands/ls.ts')).ls)
withRecord(
  add(
    'doctor [run|manifest|bundle|pdf|cluster]',
    'this machine, or a cluster’s, and what it computes; with a record, which differences to expect',
    async () => (await import('./commands/doctor.ts')).doctor,
  ),
)
