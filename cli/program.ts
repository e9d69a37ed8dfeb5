/** The program, and how a command is added to it. Each command's code is loaded only when it is asked for. */
import { Command } from 'commander'
import { VERSION } from '../lab/installed.ts'
import { EXAMPLES } from './examples.ts'
import { EXIT } from './exit.ts'
import { withJson } from './options.ts'

type Words = readonly unknown[]

/** What carries a command out: called with its arguments and options, it gives the exit code. */
type Load = () => Promise<(...words: never[]) => Promise<number>>

export const program = new Command('reprise')
  .description('Reproducible stochastic experiments: run, seal, rerun bit for bit, verify.')
  .version(VERSION, '-V, --version')
  .helpCommand('help [command]', 'show help for a command')
  .showSuggestionAfterError()
  .exitOverride()
  .configureOutput({ writeErr: () => {} })

/** How the command ended. */
export const ending: { code: number } = { code: EXIT.done }

/** A command; `load` gives what carries it out. */
export function add(words: string, summary: string, load: Load): Command {
  return addTo(program, words, summary, load)
}

/** The same below another command. */
export function addTo(parent: Command, words: string, summary: string, load: Load): Command {
  const [first] = words.split(' ')
  const name = parent === program ? first : `${parent.name()} ${first}`
  const command = parent
    .command(words)
    .summary(summary)
    .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
  command.addHelpText('after', `\nExamples:\n${EXAMPLES[name!]!.map((line) => `  ${line}`).join('\n')}`)
  return withJson(command).action(async (...words: Words) => {
    const carryOut = (await load()) as (...words: Words) => Promise<number>
    ending.code = await carryOut(...words.slice(0, -1)) // the last is commander's own object
  })
}
