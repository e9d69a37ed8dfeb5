/** Commands on the life of a run: tried, executed, followed, resumed, executed again. */
import { Option } from 'commander'
import {
  collect,
  wholeNumber,
  withAudit,
  withDetach,
  withEngines,
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
).option('--audited', 'refuse code that is not, byte for byte, that of a commit')
withAudit(
  withDetach(
    withReplicas(
      withEngines(
        add(
          'rerun <manifest|bundle|run>',
          'execute again from a manifest, bundle or run and compare every bit',
          async () => (await import('./commands/rerun.ts')).rerun,
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
withDetach(
  withEngines(
    add(
      'resume <run>',
      'execute what is missing of a run',
      async () => (await import('./commands/resume.ts')).resume,
    ),
  ),
).option('-y, --yes', 'execute code from elsewhere without asking')
add(
  'collect [run]',
  'get what a cluster has executed of a detached run; ssh:NAME (slurm:NAME) lists its runs, ssh:NAME/RUN takes one from another lab',
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
add(
  'doctor [run|manifest|bundle|cluster]',
  'this machine, or a cluster’s, and what it computes; with a record, which differences to expect',
  async () => (await import('./commands/doctor.ts')).doctor,
)
