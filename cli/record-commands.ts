/** Commands on the record: what came out, what is shown, verified, compared, signed and handed on. */
import { Option } from 'commander'
import { withComparison } from './comparison.ts'
import { withForms } from './export-options.ts'
import { collect, withAuthorities, withRecord } from './options.ts'
import { add, addTo, program } from './program.ts'

withRecord(
  withAuthorities(
    add(
      'verify <manifest|bundle|pdf|run|ledger>',
      'check a record against itself and its results, executing nothing',
      async () => (await import('./commands/verify.ts')).verify,
    ),
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
  .option(
    '--accept-key <key>',
    'sign over what this key signed here: somebody’s who shares the lab, or one that you lost',
  )
withRecord(
  add(
    'show <run|manifest|bundle|pdf>',
    'the whole record of a run',
    async () => (await import('./commands/show.ts')).show,
  ),
).option('--capsule', 'print the capsule itself')
add(
  'results <run>',
  'what came out: one line a job; of an unfinished run, what is there so far',
  async () => (await import('./commands/results.ts')).results,
)
  .addOption(
    new Option('-f, --format <format>', 'jsonl when not given; --means at a terminal: table').choices([
      'jsonl',
      'csv',
      'parquet',
      'table',
    ]),
  )
  .option('-m, --means', 'a line a point: jobs done and failed, mean and standard error of each number')
  .option('-o, --output <file>', 'write to a file instead of stdout')
withRecord(
  withComparison(
    add(
      'diff <a> <b>',
      'compare two runs: design, code, environment, fingerprint, results',
      async () => (await import('./commands/diff.ts')).diff,
    ),
  ),
)
withRecord(
  withForms(
    add(
      'export <run|manifest|bundle|pdf>',
      'write a sealed run as a bundle, as a proof of one chunk, or in the forms of other tools',
      async () => (await import('./commands/export.ts')).exportRun,
    ),
  ),
)
withRecord(
  withAuthorities(
    add(
      'timestamp [manifest|bundle|pdf|run]',
      'have the ledger’s last checkpoint, or that of a manifest, timestamped (RFC 3161)',
      async () => (await import('./commands/timestamp.ts')).timestamp,
    ),
  ),
)
  .requiredOption('--tsa <url>', 'the timestamp authority to ask')
  .option('-o, --output <file>', 'write the manifest there instead of over itself')
withRecord(
  add(
    'witness <manifest|bundle|pdf|run>',
    'sign what came of rerunning a record here, for its maker to attach',
    async () => (await import('./commands/witness.ts')).witness,
  ),
).option('-o, --output <file>', 'write the statement to a file instead of stdout')
withRecord(
  add(
    'attach <manifest|bundle|run|pdf> [statements...]',
    'add witnesses’ statements to a manifest, or the records of runs to a PDF',
    async () => (await import('./commands/attach.ts')).attach,
  ),
)
  .addOption(
    new Option(
      '--run <run>',
      'put the record of this run, manifest or bundle into the PDF; may be given again',
    )
      .default([], 'none')
      .argParser(collect),
  )
  .option('-o, --output <file>', 'write the manifest, or the PDF, there instead of over itself')
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
