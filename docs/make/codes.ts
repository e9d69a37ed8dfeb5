/** Error codes and exit codes as a page: the codes themselves, and what the comments beside them say. */
import { readFileSync } from 'node:fs'
import { EXIT, exitCodeOf } from '../../cli/exit.ts'
import { ERROR_CODES } from '../../lib/errors.ts'
import { code, headOf, table } from './markdown.ts'

const ROOT = new URL('../../../', import.meta.url)

/** The page. */
export function codesPage(): string {
  const exits = commentsOf('cli/exit.ts', /^ {2}(\w+): \d+, \/\/ (.+)$/gm, Object.keys(EXIT))
  const errors = commentsOf('lib/errors.ts', /^ {2}'([a-z-]+)', \/\/ (.+)$/gm, ERROR_CODES)
  return [
    headOf(
      'Error codes and exit codes',
      'lib/errors.ts and cli/exit.ts',
      `Every refusal says what is wrong, where, and what to do next, in one line on stderr: \`SUBJECT: what. Remedy\`. With
\`--json\` it is \`{"error":{"code","subject","message","remedy"}}\` on stdout; to a program it is a
[\`RepriseError\`](api.md#repriseerror) with the same fields.`,
    ),
    '## Exit codes\n',
    'Scripts and papers may rely on them.\n',
    table(
      ['exit code', 'meaning'],
      Object.entries(EXIT).map(([name, number]) => [String(number), exits.get(name)!]),
    ),
    '\n## Error codes\n',
    'A closed set.\n',
    table(
      ['code', 'meaning', 'exit code'],
      ERROR_CODES.map((name) => [code(name), errors.get(name)!, String(exitCodeOf(name))]),
    ),
    '',
  ].join('\n')
}

/** What stands beside each name in a source. Throws where a name has no comment. */
function commentsOf(path: string, pattern: RegExp, names: readonly string[]): Map<string, string> {
  const source = readFileSync(new URL(path, ROOT), 'utf8')
  const found = new Map([...source.matchAll(pattern)].map(([, name, comment]) => [name!, comment!]))
  for (const name of names) if (!found.has(name)) throw new Error(`${path}: ${name} has no comment`)
  return found
}
