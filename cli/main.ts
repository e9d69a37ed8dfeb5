#!/usr/bin/env node
/** The command line: words to commands. */
import { CommanderError } from 'commander'
import { RepriseError } from '../lib/errors.ts'
import { EXIT } from './exit.ts'
import { ending, program } from './program.ts'
import './run-commands.ts'
import './record-commands.ts'
import './cluster-commands.ts'
import './project-commands.ts'
import './paper-commands.ts'
import './serve-command.ts'
import { forgiveClosedPipe, tellError } from './terminal.ts'

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
    ending.code = EXIT.usage
  } else await program.parseAsync()
} catch (error) {
  const shown = error instanceof CommanderError && error.exitCode === 0 // --help, --version
  if (!shown)
    ending.code = tellError(
      error instanceof CommanderError ? usageError(error) : error,
      process.argv.includes('--json'),
    )
}
process.exitCode = ending.code
