/** Commands around a project: begun, deposited, and at home in a shell. */
import { Option } from 'commander'
import { add } from './program.ts'

add(
  'init [folder]',
  'begin a project: an experiment that runs, its model with a test, README and .gitignore',
  async () => (await import('./commands/init.ts')).init,
)
  .addOption(
    new Option('-t, --template <template>', 'what the model is written in')
      .choices(['typescript', 'python', 'command'])
      .default('typescript'),
  )
  .option('-n, --name <name>', 'of the project (default: that of the folder)')
add(
  'deposit <path...>',
  'put an artifact, or files, as a draft into Zenodo or another InvenioRDM repository',
  async () => (await import('./commands/deposit.ts')).deposit,
)
  .addOption(
    new Option('--to <url>', 'the repository; https://zenodo.org for Zenodo itself').default(
      undefined,
      'https://sandbox.zenodo.org',
    ),
  )
  .option(
    '--token-file <file>',
    'a file with your token there, readable by you alone (else REPRISE_DEPOSIT_TOKEN)',
  )
  .option('--metadata <file>', 'title, authors and so on (default: .zenodo.json of the folder)')
  .option('--publish', 'publish the draft, which cannot be taken back')
  .option('--new', 'begin another draft, also where one of these is known')
  .option('-y, --yes', 'publish without asking')
  .addHelpText(
    'after',
    `
The draft is remembered in the lab: an interrupted deposit goes on with it, and sends only what is not there. Every file's
checksum is compared with what the repository answers.`,
  )
