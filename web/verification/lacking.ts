/**
 * What an experiment needs and a browser has not, told before anything is executed. A capsule is read for that as what it
 * is, a bundle whose parts are named (provenance/capsule.ts). What a package takes of Node is not counted: many look for it and
 * do without, and one that cannot says so when it is loaded.
 */
import type { Manifest } from '../../provenance/manifest.ts'

/** Names told one by one. */
const MOST = 5

/** What of a record is in a page. */
export interface Held {
  /** The capsule's text, or null where it is not here. */
  readonly capsule: string | null
  /** Digests of the input files that are here. */
  readonly inputs: ReadonlySet<string>
  /** Whether the file of leaves is here, where the manifest names one. */
  readonly leaves: boolean
}

/** Why chunks of this record cannot be executed and compared in a page, in sentences; none where they can. */
export function lackingInBrowser(manifest: Manifest, held: Held): string[] {
  const absent = 'sha256' in manifest.results.leaves && !held.leaves
  return [
    ...(absent ? ['the leaf hashes to compare with are not in this page'] : []),
    ...lackingToExecute(manifest, held),
  ]
}

function lackingToExecute({ capsule: { sha256 }, run }: Manifest, { capsule, inputs }: Held): string[] {
  if (capsule === null) return [`the capsule, ${sha256}.mjs, is not in this page`]
  const absent = Object.entries(run.inputs).filter(([, digest]) => !inputs.has(digest))
  return [
    ...(startsProgram(capsule) ? ['it starts a program, which a page cannot do'] : []),
    ...builtinsOf(capsule),
    ...((run.math ?? 'native') === 'native'
      ? ["its jobs meet the platform's own Math (math: 'native'), and a browser's is another than Node's"]
      : []),
    ...(absent.length === 0
      ? []
      : [`input files are not in this page: ${some(absent.map(([name]) => name))}`]),
  ]
}

/** Parts of a bundle, each under the comment that names it. */
function* partsOf(capsule: string): Generator<{ name: string; text: string }> {
  const [, ...parts] = capsule.split(/^\/\/ (?=(?:capsule|builtin|text):\S+$)/m)
  for (const part of parts) {
    const end = part.indexOf('\n')
    yield { name: part.slice(0, end), text: part.slice(end + 1) }
  }
}

/** What is not called is not in a capsule, so `command` is there only where it describes the experiment. */
function startsProgram(capsule: string): boolean {
  for (const { name, text } of partsOf(capsule))
    if (name === 'capsule:reprise/lib/command.js' && /^function command\d*\(/m.test(text)) return true
  return false
}

/** Modules of Node that the user's own files import, a sentence for each file. */
function builtinsOf(capsule: string): string[] {
  const modules = new Map<string, string>()
  for (const { name, text } of partsOf(capsule)) {
    const [, variable] = /^var (\w+) = __commonJS\(/.exec(text) ?? []
    if (name.startsWith('builtin:') && variable !== undefined) modules.set(variable, name.slice(8))
  }
  const found = new Map<string, Set<string>>()
  for (const { name, text } of partsOf(capsule)) {
    const [, file] = /^capsule:experiment\/(.+)$/.exec(name) ?? []
    if (file === undefined) continue
    for (const [, variable] of text.matchAll(/\b(require_\w+)\(\)/g)) {
      const module = modules.get(variable!)
      if (module !== undefined) found.set(file, (found.get(file) ?? new Set()).add(module))
    }
  }
  return [...found].slice(0, MOST).map(([file, names]) => `${file} imports ${some([...names])}`)
}

function some(names: readonly string[]): string {
  const more = names.length - MOST
  return more > 0 ? `${names.slice(0, MOST).join(', ')} and ${more} more` : names.join(', ')
}
