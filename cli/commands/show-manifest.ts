/** A manifest for people: what was asked, by which code, where it was executed, what came of it. */

import { replicationStatement } from '../../lab/replicas.ts'
import { type Design, pointCount } from '../../lib/design.ts'
import { chunkCount, jobCount } from '../../lib/document.ts'
import { environmentNames } from '../../lib/environment.ts'
import type {
  Executed,
  Manifest,
  Replicated,
  RunRecord,
  Session,
  SessionEnvironment,
} from '../../provenance/manifest.ts'
import type { Variables } from '../../provenance/variables.ts'
import { codeRows } from '../code-words.ts'
import { packageWords, platformRows, probeRows, surroundingsRows } from '../environment-rows.ts'
import { scheduledRows } from '../scheduler-words.ts'
import type { Terminal } from '../terminal.ts'
import { count, several, table } from '../words.ts'

export function tellManifest(manifest: Manifest, out: Terminal): void {
  const { experiment, capsule, run, results } = manifest
  const rows = [
    ...planRows(experiment),
    ...codeRows(run),
    ['run', `${run.id}, sealed ${run.sealed}`],
    ...conductRows(run),
    ['file', run.file],
    [
      'capsule',
      `${capsule.sha256} (${count(capsule.bytes)} bytes${capsule.source === null ? ', beside the manifest' : ''})`,
    ],
    ['executed', executedWords(run.sessions[0], run.environments ?? [])],
    ...scheduledRows(run.scheduled ?? []),
    ...whereRows(run.environments ?? [], run.sessions.at(-1)?.environment, run.sessions.at(-1)?.variables),
    ['packages', packageWords(run.packages)],
    ...probeRows(run.probes ?? []),
    [
      'chunks',
      `${count(results.chunks)}, ${several(run.counts.failedJobs, 'failed job')}, ${count(run.counts.retried)} retried`,
    ],
    ...replicaRows(run.replicated, chunkCount(experiment.document)),
    ['root', results.root],
  ]
  for (const line of table(rows)) out.print(line)
}

/** What lay beneath the engines, where all of them say the same; and what the last session was led in. */
export function whereRows(
  executed: readonly Executed[],
  environment: SessionEnvironment | undefined,
  variables: Variables | undefined,
): string[][] {
  const [only, ...others] = executed
  const platform = others.length === 0 ? (only?.environment ?? environment) : undefined
  return [...platformRows(platform ?? {}), ...surroundingsRows(environment ?? {}, variables)]
}

/** Engines and their environments; where there are several, which share of the chunks each executed. */
function executedWords(session: Session | undefined, executed: readonly Executed[]): string {
  const engines = session === undefined ? '' : `${session.runner}, ${several(session.engines, 'engine')}, `
  const [only] = executed
  if (executed.length > 1) return `${engines}${several(executed.length, 'environment')}: ${shares(executed)}`
  const { node, os = '', arch = '' } = only?.environment ?? session?.environment ?? { node: 'unknown' }
  return `${engines}Node ${node}, ${os} ${arch}`.trimEnd()
}

/** `Node v20.20.2 x64 (60 chunks), Node v22.23.3 x64 (20 chunks)`. */
export function shares(executed: readonly Executed[]): string {
  const names = environmentNames(executed.map(({ environment }) => environment))
  return executed.map(({ chunks }, i) => `${names[i]} (${several(chunks, 'chunk')})`).join(', ')
}

export function replicaRows(replicated: Replicated | null | undefined, chunks: number): string[][] {
  return replicated == null ? [] : [['replicated', replicationStatement(replicated, chunks)]]
}

export function planRows({ document, hash }: Manifest['experiment']): string[][] {
  return [
    ['experiment', `${document.name}  ${hash}`],
    [
      'asked',
      `${several(pointCount(document.design), 'point')} × ${several(document.repetitions, 'repetition')} = ${several(jobCount(document), 'job')} in ${several(chunkCount(document), 'chunk')} of ${document.chunk}`,
    ],
    ['design', designWords(document.design)],
    [
      'random',
      `${document.random}${document.seed === null ? '' : `, seed ${JSON.stringify(document.seed)}`}`,
    ],
  ]
}

/** How the jobs were treated, and what they touched all the same. */
export function conductRows(run: Partial<Pick<RunRecord, 'math' | 'guard' | 'touched'>>): string[][] {
  const { math = 'native', guard = 'off', touched = [] } = run
  const words = touched.map(({ kind, name, caller, place }) => [
    'touched',
    `${name} (${kind})${caller === '' ? '' : ` by ${caller}`} at ${place}`,
  ])
  return [['conduct', `Math ${math}, guard ${guard}`], ...words]
}

function designWords(design: Design): string {
  if ('points' in design) return `${several(design.points.length, 'listed point')}`
  const factors = 'zip' in design ? design.zip : design.product
  const words = factors.map(({ name, values }) => {
    const list = values.map((value) => JSON.stringify(value))
    return `${name} ∈ {${list.length > 6 ? [...list.slice(0, 3), '…', list.at(-1)].join(', ') : list.join(', ')}}`
  })
  return words.length === 0 ? '(no parameters)' : words.join('zip' in design ? ' with ' : ' × ')
}

/** A manifest as it is answered to programs. */
export function manifestAnswer(manifest: Manifest): object {
  return { ...withoutSource(manifest), run: manifest.run.id, record: manifest.run }
}

export function withoutSource(manifest: Manifest): object {
  const { sha256, bytes, source } = manifest.capsule
  return { ...manifest, capsule: { sha256, bytes, embedded: source !== null } }
}
