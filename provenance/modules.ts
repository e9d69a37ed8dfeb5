/**
 * Which modules of two capsules differ. esbuild writes a line with its name before the text of each module (what a
 * dependency's text may imitate: this explains, and proves nothing; that is the digest's part). The text is that of the bundle:
 * a name that two modules use can be another in each of them.
 */
import { sha256, toHex, utf8 } from '../lib/digest.ts'

export interface ModuleChange {
  /** Such as `experiment/sweep.ts` or `npm/d3-random@3.0.1/src/normal.js`. */
  readonly name: string
  readonly change: 'changed' | 'only left' | 'only right'
}

const HEADING = /^\/\/ (?:capsule:|(?=(?:text|builtin):))(.{1,300})$/
/** What stands before the first module: esbuild's own functions, and the Math that is put in place. */
const OPENING = 'the opening'

/** SHA-256 of each module's text, by name. */
export function modulesOf(capsule: Uint8Array): ReadonlyMap<string, string> {
  const texts = new Map<string, string[]>()
  let lines: string[] = []
  texts.set(OPENING, lines)
  for (const line of new TextDecoder().decode(capsule).split('\n')) {
    const name = HEADING.exec(line)?.[1]
    if (name === undefined) {
      lines.push(line)
      continue
    }
    lines = texts.get(name) ?? [] // esbuild may tell a module in two pieces
    texts.set(name, lines)
  }
  return new Map([...texts].map(([name, text]) => [name, toHex(sha256(utf8(text.join('\n'))))]))
}

/** The modules that differ, the user's own first, then packages, then the engine. */
export function moduleChanges(left: Uint8Array, right: Uint8Array): ModuleChange[] {
  const [l, r] = [modulesOf(left), modulesOf(right)]
  return [...new Set([...l.keys(), ...r.keys()])]
    .filter((name) => l.get(name) !== r.get(name))
    .map(
      (name) =>
        ({ name, change: !r.has(name) ? 'only left' : !l.has(name) ? 'only right' : 'changed' }) as const,
    )
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1))
}

const RANKS = ['experiment/', 'outside/', 'text:', 'npm/', 'reprise/']

function rank(name: string): number {
  const found = RANKS.findIndex((beginning) => name.startsWith(beginning))
  return found < 0 ? RANKS.length : found
}
