#!/usr/bin/env node
/** The command line: words to commands. Each command's code is loaded only when it is asked for. */
import { Command, CommanderError, Option } from 'commander'
import { VERSION } from '../lab/installed.ts'
import { RepriseError } from '../lib/errors.ts'
import { withComparison } from './comparison.ts'
import { EXAMPLES } from './examples.ts'
import { EXIT } from './exit.ts'
import {
  collect,
  wholeNumber,
  withAudit,
  withAuthorities,
  withEngines,
  withJson,
  withReplicas,
  withTimeout,
} from './options.ts'
import { forgiveClosedPipe, tellError } from './terminal.ts'

type Words = readonly unknown[]

const program = new Command('reprise')
  .description('Reproducible stochastic experiments: run, seal, rerun bit for bit, verify.')
  .version(VERSION, '-V, --version')
  .helpCommand('help [command]', 'show help for a command')
  .showSuggestionAfterError()
  .exitOverride()
  .configureOutput({ writeErr: () => {} })

let code: number = EXIT.done

/** A command; `load` gives what carries it out, called with its arguments and options. */
function add(
  words: string,
  summary: string,
  load: () => Promise<(...words: never[]) => Promise<number>>,
): Command {
  return addTo(program, words, summary, load)
}

/** The same below another command. */
function addTo(
  parent: Command,
  words: string,
  summary: string,
  load: () => Promise<(...words: never[]) => Promise<number>>,
): Command {
  const [first] = words.split(' ')
  const name = parent === program ? first : `${parent.name()} ${first}`
  const command = parent
    .command(words)
    .summary(summary)
    .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
  command.addHelpText('after', `\nExamples:\n${EXAMPLES[name!]!.map((line) => `  ${line}`).join('\n')}`)
  return withJson(command).action(async (...words: Words) => {
    const carryOut = (await load()) as (...words: Words) => Promise<number>
    code = await carryOut(...words.slice(0, -1)) // the last is commander's own object
  })
}

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
withReplicas(
  withEngines(
    add(
      'run <file>',
      'execute an experiment, seal its results, write the manifest',
      async () => (await import('./commands/run.ts')).run,
    ),
  ),
).option('--audited', 'refuse code that is not, byte for byte, that of a commit')
withAudit(
  withReplicas(
    withEngines(
      add(
        'rerun <manifest|bundle|run>',
        'execute again from a manifest, bundle or run and compare every bit',
        async () => (await import('./commands/rerun.ts')).rerun,
      ),
    ),
  ),
).option('-y, --yes', 'execute code from elsewhere without asking')
withAuthorities(
  add(
    'verify <manifest|bundle|run|ledger>',
    'check a record against itself and its results, executing nothing',
    async () => (await import('./commands/verify.ts')).verify,
  ),
).addOption(
  new Option('--trust <key>', 'demand a signature of this key, or of one in this file; may be given again')
    .default([], 'your own')
    .argParser(collect),
)
add(
  'register <file>',
  'enter an experiment and its capsule into the ledger before any result exists',
  async () => (await import('./commands/register.ts')).registerFile,
).option('--audited', 'refuse code that is not, byte for byte, that of a commit')
add(
  'ledger [about]',
  'what was planned, started, stopped, sealed and rerun in this lab; ABOUT: a run, an experiment',
  async () => (await import('./commands/ledger.ts')).ledger,
)
  .option('-o, --output <file>', 'write the whole ledger to a file that verify takes')
  .option('--note <text>', 'add a note first')
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
withEngines(
  add(
    'resume <run>',
    'execute what is missing of a run',
    async () => (await import('./commands/resume.ts')).resume,
  ),
)
add(
  'cancel <run>',
  'stop a run; what is done is kept',
  async () => (await import('./commands/cancel.ts')).cancel,
)
add('ls', 'list the runs of this lab', async () => (await import('./commands/ls.ts')).ls)
add(
  'show <run|manifest|bundle>',
  'the whole record of a run',
  async () => (await import('./commands/show.ts')).show,
).option('--capsule', 'print the capsule itself')
add(
  'results <run>',
  'what came out: one line a job',
  async () => (await import('./commands/results.ts')).results,
)
  .addOption(
    new Option('-f, --format <format>', 'of the table').choices(['jsonl', 'csv', 'parquet']).default('jsonl'),
  )
  .option('-o, --output <file>', 'write to a file instead of stdout')
withComparison(
  add(
    'diff <a> <b>',
    'compare two runs: design, code, environment, fingerprint, results',
    async () => (await import('./commands/diff.ts')).diff,
  ),
)
add(
  'export <run|manifest|bundle>',
  'write a sealed run as a bundle, as a proof of one chunk, or in the forms of other tools',
  async () => (await import('./commands/export.ts')).exportRun,
)
  .option(
    '--bundle <file>',
    'one file with manifest, code, inputs and results, for verify and rerun anywhere',
  )
  .addOption(
    new Option(
      '--chunk <k>',
      'the bytes of one chunk, with the proof that they are part of the root',
    ).argParser(wholeNumber('--chunk', 0, 2 ** 24)),
  )
  .option('-o, --output <file>', 'where the chunk proof goes instead of stdout')
  .option(
    '--ro-crate <folder>',
    'RO-Crate 1.1 with Workflow Run RO-Crate 0.5: manifest, capsule, inputs, results',
  )
  .option('--bagit <folder>', 'BagIt 1.0 bag of the same files')
  .option('--prov <file>', 'provenance as PROV-JSON')
  .option('--latex <file>', 'a reproducibility statement and its figures as LaTeX commands')
  .option('--bibtex <file>', 'a BibTeX entry for the results')
  .option('--cff <file>', 'a CITATION.cff for the results')
  .addOption(
    new Option(
      '--author <name>',
      '"Doe, Jane <0000-0002-1825-0097>", with or without ORCID; may be given again',
    )
      .default([], 'nobody')
      .argParser(collect),
  )
  .option('--license <url>', 'the address of the licence of the results')
  .option('--prefix <letters>', "what the LaTeX commands' names begin with (default: reprise)")
  .option('--force', 'replace files that are there; never folders')
add(
  'doctor [run|manifest|bundle]',
  'this machine, and what it computes; with a record, which differences to expect',
  async () => (await import('./commands/doctor.ts')).doctor,
)

withAuthorities(
  add(
    'timestamp [manifest|run]',
    'have the ledger’s last checkpoint, or that of a manifest, timestamped (RFC 3161)',
    async () => (await import('./commands/timestamp.ts')).timestamp,
  ),
)
  .requiredOption('--tsa <url>', 'the timestamp authority to ask')
  .option('-o, --output <file>', 'write the manifest there instead of over itself')
add(
  'witness <manifest|run>',
  'sign what came of rerunning a record here, for its maker to attach',
  async () => (await import('./commands/witness.ts')).witness,
).option('-o, --output <file>', 'write the statement to a file instead of stdout')
add(
  'attach <manifest|run> <statements...>',
  'add witnesses’ statements to a manifest',
  async () => (await import('./commands/attach.ts')).attach,
).option('-o, --output <file>', 'write the manifest there instead of over itself')

const key = program.command('key').summary('the key that signs your ledgers: show, import, rotate')
addTo(
  key,
  'show',
  'print your public key, for others to trust',
  async () => (await import('./commands/key.ts')).keyShow,
)
addTo(
  key,
  'import <file>',
  'take the Ed25519 private key of a PEM file as yours',
  async () => (await import('./commands/key.ts')).keyImport,
)
addTo(
  key,
  'rotate',
  'make a new key that the old one names as its successor',
  async () => (await import('./commands/key.ts')).keyRotate,
)

function usageError(error: CommanderError): RepriseError {
  if (error.code === 'commander.help') {
    const subject = process.argv.at(-1) === '--json' ? process.argv.at(-2) : process.argv.at(-1)
    return new RepriseError('usage', 'is not a command', { subject: subject!, remedy: 'See reprise --help' })
  }
  const [what = '', hint] = error.message.replace(/^error: /, '').split('\n')
  const remedy = hint === undefined ? 'See reprise --help' : hint.replace(/^\((.*)\)$/, '$1')
  return new RepriseError('usage', what.replace(/\.+$/, ''), { remedy })
}

forgiveClosedPipe()
try {
  if (process.argv.length === 2) {
    program.outputHelp()
    code = EXIT.usage
  } else await program.parseAsync()
} catch (error) {
  const shown = error instanceof CommanderError && error.exitCode === 0 // --help, --version
  if (!shown)
    code = tellError(
      error instanceof CommanderError ? usageError(error) : error,
      process.argv.includes('--json'),
    )
}
process.exitCode = code
