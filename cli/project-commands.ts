/** Commands around a project: begun, deposited, and at home in a shell. */
import { Argument, Option } from 'commander'
import { add, ending, program } from './program.ts'

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
      'https://sandbox.zenodo.org', // what is published there is no publication
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
add(
  'completion',
  'print what bash, zsh or fish needs to complete commands, options and runs',
  async () => (await import('./commands/completion.ts')).completion,
).addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))

// Shells ask it, not people: it is in no help, and answers in lines.
program
  .command('complete', { hidden: true })
  .argument('[words...]')
  .action(async (words: readonly string[]) => {
    const { complete } = await import('./commands/complete.ts')
    ending.code = await complete(words)
  })
