/** `--runtime`: which Node the engines run on. Where the recorded one cannot be had, whoever sits there may go on with today's. */
import { RepriseError } from '../lib/errors.ts'
import type { RunRecord } from '../provenance/manifest.ts'
import { isVersion } from '../runners/node-version.ts'
import { findRuntime, type Runtime, TODAYS } from '../runners/runtime.ts'
import { endOnInterrupt } from './interrupt.ts'
import { type EngineOptions, isLocal } from './options.ts'
import { demandLocal } from './runner.ts'
import { askYes, type Terminal } from './terminal.ts'

/** The word for the version that a manifest names. */
const RECORDED = 'recorded'

/** Options with the Node that `--runtime` names. `recorded` is the record of the run that is repeated, if one is. */
export async function withRuntime<O extends EngineOptions>(
  options: O,
  recorded: RunRecord | null,
  out: Terminal,
): Promise<O> {
  const { runtime } = options
  demandLocal(options)
  return runtime === undefined ? options : { ...options, node: await chosen(runtime, recorded, out) }
}

async function chosen(word: string, recorded: RunRecord | null, out: Terminal): Promise<Runtime> {
  if (word !== RECORDED) return found(word, out)
  const version = recordedVersion(recorded)
  try {
    return await found(version, out)
  } catch (error) {
    if (!(error instanceof RepriseError) || process.stdin.isTTY !== true || process.stderr.isTTY !== true)
      throw error
    out.say(error.line)
    if (!(await askYes(`Go on with today's ${process.version}?`))) throw error
    return TODAYS
  }
}

/** The Node that a word leads to. Nothing is planned yet: an interrupt leaves nothing, of a fetch neither. */
async function found(word: string, out: Terminal): Promise<Runtime> {
  const findingIsOver = endOnInterrupt(() => {}, out.json, 'no Node was fetched, and nothing was executed')
  try {
    const node = await findRuntime(word, out)
    if (node.path !== TODAYS.path) out.say(`engines run on Node ${node.version} (${node.path})`)
    return node
  } finally {
    findingIsOver()
  }
}

/** The options as they are said again to go on in the same way: empty without any, else with a space before them. */
export function againWords({ runner, runtime }: EngineOptions): string {
  const where = isLocal({ runner }) ? '' : ` --runner ${runner}`
  if (runtime === undefined) return where
  return `${where} --runtime ${/^[\w./@+-]+$/.test(runtime) ? runtime : `'${runtime.replaceAll("'", `'\\''`)}'`}`
}

/** Said before a rerun is executed. */
export function nodesWords(recorded: RunRecord, { node = TODAYS }: EngineOptions): string {
  return `recorded on Node ${recordedWords(recorded)}, executed on ${node.version}`
}

/** Names of a record that are told, and characters of each: it may hold any number, of any length. */
const [MOST_NAMES, NAME_LENGTH] = [5, 40]

/** The versions that a record names, whatever they are; nothing but words for people, on one line. */
function recordedWords({ environments, sessions }: RunRecord): string {
  const ofChunks = (environments ?? []).flatMap(({ environment }) => environment?.node ?? [])
  const names = ofChunks.length > 0 ? ofChunks : sessions.map(({ environment }) => environment.node)
  const several = [...new Set(names)]
  const more = several.length - MOST_NAMES
  const told = several.slice(0, MOST_NAMES).map((name) => name.slice(0, NAME_LENGTH).replace(/\s+/g, ' '))
  return `${told.join(' and ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** The version that executed most of the run. It comes from a record, so it must be nothing else than a version. */
function recordedVersion(run: RunRecord | null): string {
  if (run === null) {
    throw new RepriseError('usage', 'is for what was run before: this run repeats none', {
      subject: '--runtime recorded',
      remedy: 'Give a version or a path',
    })
  }
  const most = [...(run.environments ?? [])].sort((a, b) => b.chunks - a.chunks)
  const version =
    most.flatMap(({ environment }) => environment?.node ?? [])[0] ?? run.sessions.at(-1)?.environment.node
  if (version !== undefined && isVersion(version)) return version
  throw new RepriseError('not-found', 'the record names no released version of Node', {
    subject: '--runtime recorded',
    remedy: 'Give a version or a path, or leave --runtime out',
  })
}
