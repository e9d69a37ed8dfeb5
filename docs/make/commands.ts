/**
 * The command line as a page, from commander's own tree: so a command, an option or an example that is there is in the
 * reference, in the words of its help.
 */
import { readdirSync } from 'node:fs'
import type { Command } from 'commander'
import { program } from '../../cli/program.ts'
import { code, headOf, plain, table } from './markdown.ts'

/** Modules that add commands to the program when they are loaded. */
const ADDING = /-commands?\.js$/

/** The program with all its commands. */
export async function wholeProgram(): Promise<Command> {
  const folder = new URL('../../cli/', import.meta.url)
  const modules = readdirSync(folder).filter((name) => ADDING.test(name))
  for (const name of modules.sort()) await import(new URL(name, folder).href)
  return program
}

/** The page. */
export async function commandsPage(): Promise<string> {
  const commands = leavesOf(await wholeProgram()).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  return [
    headOf(
      'Command line',
      'the commands in cli/',
      `Every command takes \`--json\`: exactly one JSON object on stdout, progress and words on stderr; and \`--help\`, which
says what is said here. [Exit codes](codes.md#exit-codes) are the same for all. \`RUN\` is a run's id, the beginning of
it, or \`@last\`. A terminal sees a progress bar, a pipe plain lines; \`NO_COLOR\` is honoured.`,
    ),
    table(
      ['command', 'what it does'],
      commands.map((command) => [`[${nameOf(command)}](#${anchorOf(command)})`, plain(command.summary())]),
    ),
    ...commands.map(sectionOf),
    '',
  ].join('\n')
}

function leavesOf(command: Command): Command[] {
  const below = command.createHelp().visibleCommands(command)
  return below.length === 0 ? [command] : below.filter((each) => each.name() !== 'help').flatMap(leavesOf)
}

function nameOf(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name()
}

const anchorOf = (command: Command) => nameOf(command).replaceAll(' ', '-')

function sectionOf(command: Command): string {
  const help = command.createHelp()
  const words = help.visibleArguments(command)
  const options = help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help' && long !== '--json')
    .map((option) => [code(help.optionTerm(option)), plain(help.optionDescription(option))])
  const rows = words.map((word) => [code(help.argumentTerm(word)), plain(help.argumentDescription(word))])
  return [
    `\n## ${nameOf(command)}\n`,
    `\`${help.commandUsage(command)}\`\n`,
    `${plain(command.description())}\n`,
    ...(rows.length > 0 ? [`${table(['argument', 'meaning'], rows)}\n`] : []),
    ...(options.length > 0 ? [`${table(['option', 'meaning'], options)}\n`] : []),
    afterOf(command),
  ].join('\n')
}

/** What its help says after the options: paragraphs, and the examples as a block. */
function afterOf(command: Command): string {
  const said: string[] = []
  command.configureOutput({ writeOut: (text) => said.push(text), getOutHelpWidth: () => 10_000 })
  command.outputHelp()
  const after = said.join('').slice(command.helpInformation().length).trim()
  const [before = '', examples = ''] = after.split(/^Examples:\n/m)
  const paragraphs = before.trim() === '' ? '' : `${plain(before.trim())}\n\n`
  const lines = examples.split('\n').filter((line) => line.startsWith('  '))
  const rest = examples
    .split('\n')
    .filter((line) => !line.startsWith('  '))
    .join('\n')
    .trim()
  const block =
    lines.length === 0 ? '' : `\`\`\`text\n${lines.map((line) => line.slice(2)).join('\n')}\n\`\`\``
  return `${paragraphs}${block}${rest === '' ? '' : `\n\n${plain(rest)}`}`.trimEnd()
}
