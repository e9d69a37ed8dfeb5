/** `--runtime`: which Node the engines run on. Where the recorded one cannot be had, whoever sits there may go on with today's. */
import { RepriseError } from '../lib/errors.ts'
import type { RunRecord } from '../provenance/manifest.ts'
import { isVersion } from '../runners/node-version.ts'
import { findRuntime } from '../runners/runtime.ts'
import type { EngineOptions } from './options.ts'
import { askYes, type Terminal } from './terminal.ts'

/** The word for the version that a manifest names. */
const RECORDED = 'recorded'

/** Options with the path of the Node that `--runtime` names. `recorded` is the record of the run that is repeated, if one is. */
export async function withRuntime<O extends EngineOptions>(
  options: O,
  recorded: RunRecord | null,
  out: Terminal,
): Promise<O & { readonly node?: string }> {
  const { runtime } = options
  if (runtime === undefined) return options
  if (runtime !== RECORDED) return { ...options, node: (await findRuntime(runtime, out)).path }
  const version = recordedVersion(recorded)
  try {
    return { ...options, node: (await findRuntime(version, out)).path }
  } catch (error) {
    if (!(error instanceof RepriseError) || process.stdin.isTTY !== true || process.stderr.isTTY !== true)
      throw error
    out.say(error.line)
    if (!(await askYes(`Go on with today's ${process.version}?`))) throw error
    return options
  }
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
