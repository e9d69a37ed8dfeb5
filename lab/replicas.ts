/**
 * Replicas: a share of the chunks, drawn at random, is executed a second time by other engines and compared bit for
 * bit. Law 4: a difference is a finding. It is recorded with both digests, and the run is not sealed.
 */

import { differingBound } from '../lib/bound.ts'
import { canonical } from '../lib/canonical.ts'
import { fromHex } from '../lib/digest.ts'
import { chunkCount } from '../lib/document.ts'
import { environmentNames, type RecordedEnvironment } from '../lib/environment.ts'
import { RepriseError } from '../lib/errors.ts'
import { drawSample, shareCount } from '../lib/sample.ts'
import { explainChunk } from '../provenance/explain.ts'
import type { Replicated } from '../provenance/manifest.ts'
import type { ChunkDone } from '../runners/runner.ts'
import { environmentsOf, type Makers } from './environments.ts'
import type { Plan } from './plan.ts'
import type { ResultsStore } from './results.ts'
import { tellsMakers } from './schema.ts'

/** How many chunks the plan wants executed twice. */
export function replicaCount({ replicate, rerun, experiment }: Plan): number {
  if (replicate == null) return 0
  return shareCount(replicate.share, rerun?.sample?.length ?? chunkCount(experiment.document)) ?? 0
}

/** Replicas that are there. */
export function replicasDone({ database }: ResultsStore): number {
  if (!tellsMakers(database)) return 0
  return (database.prepare('SELECT count(DISTINCT chunk) AS n FROM replicas').get() as { n: number }).n
}

/** Chunks whose replica is wanted and not there; the last comes first, so that state which leaks shows. */
export function missingReplicas(plan: Plan, store: ResultsStore): number[] {
  const count = replicaCount(plan)
  if (count === 0) return []
  const sample = plan.rerun?.sample ?? null
  const total = sample?.length ?? chunkCount(plan.experiment.document)
  const drawn = drawSample(total, count, fromHex(plan.replicate!.entropy)).map((i) => sample?.[i] ?? i)
  const rows = store.database.prepare('SELECT DISTINCT chunk FROM replicas').all() as { chunk: number }[]
  const there = new Set(rows.map(({ chunk }) => chunk))
  return drawn.filter((chunk) => !there.has(chunk)).reverse()
}

/** Adds replicas in one durable transaction. The bytes of one that differs are kept, as evidence. */
export function addReplicas(
  { database }: ResultsStore,
  replicas: readonly ChunkDone[],
  makers: Makers,
): void {
  const first = database.prepare('SELECT leaf FROM chunks WHERE chunk = ?')
  const insert = database.prepare('INSERT OR IGNORE INTO replicas VALUES (?, ?, ?, ?, ?, ?, ?)')
  database.transaction(() => {
    for (const { chunk, bytes, leaf, ms, engine } of replicas) {
      const same = (first.get(chunk) as { leaf: string } | undefined)?.leaf === leaf
      const environment = makers.row(database, engine)
      insert.run(chunk, leaf, same ? null : bytes, ms, engine, makers.session, environment)
    }
  })
}

const COMPARED = 'FROM replicas AS r JOIN chunks AS c ON c.chunk = r.chunk'

/** What a manifest says of replicas that are all there and identical; null where none were asked for. */
export function replicatedOf(store: ResultsStore, plan: Plan): Replicated | null {
  if (plan.replicate == null) return null
  const sql = `SELECT count(*) AS n ${COMPARED} WHERE r.leaf = c.leaf AND r.environment <> c.environment`
  const { n } = store.database.prepare(sql).get() as { n: number }
  const { entropy } = plan.replicate
  return { chunks: replicasDone(store), identical: true, elsewhere: n, entropy }
}

interface Difference {
  readonly chunk: number
  readonly first: string
  readonly second: string
  readonly bytes: Uint8Array
  readonly firstIn: number | null
  readonly secondIn: number | null
}

/** The finding, where a replica differs from its chunk: which, where in it, what both are and where they were made. */
export function replicaDivergence(store: ResultsStore, plan: Plan): RepriseError | null {
  if (replicasDone(store) === 0) return null
  const where = `${COMPARED} WHERE r.leaf <> c.leaf`
  const columns = `r.chunk, c.leaf AS first, r.leaf AS second, CAST(r.bytes AS BLOB) AS bytes,
    c.environment AS firstIn, r.environment AS secondIn`
  const ask = store.database.prepare(`SELECT ${columns} ${where} ORDER BY r.chunk LIMIT 1`)
  const found = ask.get() as unknown as Difference | undefined
  if (found === undefined) return null
  const count = store.database.prepare(`SELECT count(DISTINCT r.chunk) AS n ${where}`).get() as { n: number }
  const { document } = plan.experiment
  const explained = explainChunk(document, found.chunk, store.bytes(found.chunk), found.bytes)
  const job = explained.job === null ? '' : `, job ${explained.job} (repetition ${explained.repetition})`
  const path = explained.path === null ? '' : `, ${explained.path}`
  const [one, other] = placesOf(store, found)
  const message = `executed twice, it gave ${short(explained.expected)} (${one}) and ${short(explained.actual)} (${other}); leaves ${found.first} and ${found.second}; ${count.n} of ${replicasDone(store)} replicated chunks differ`
  return new RepriseError('divergent', message, {
    subject: `chunk ${found.chunk} at ${canonical(explained.point)}${job}${path}`,
    remedy: remedyFor(one === other),
  })
}

function placesOf(store: ResultsStore, { firstIn, secondIn }: Difference): string[] {
  const texts = environmentsOf(store)
  const list = [firstIn, secondIn].map((id) => {
    const text = texts.get(id ?? -1)
    return text === undefined ? null : (JSON.parse(text) as RecordedEnvironment)
  })
  return environmentNames(list)
}

function remedyFor(sameEnvironment: boolean): string {
  const kept = 'the run is not sealed, both results are kept'
  return sameEnvironment
    ? `Its code depends on something beside its seed, such as a variable that outlives a job, or a clock; ${kept}`
    : `Its code depends on something beside its seed, or these environments compute differently; ${kept}`
}

const LONGEST = 200

function short(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** In one sentence after «replicated», what identical replicas prove of a run of `total` chunks, and what they do not (law 5). */
export function replicationStatement({ chunks, elsewhere }: Replicated, total: number): string {
  const told = `${chunks} of ${total} chunks on other engines: identical`
  const where = elsewhere === 0 ? 'all of the same environment' : `${elsewhere} in another environment`
  if (chunks === total) return `${told} (${where}): every chunk of the run, bit for bit`
  const bound = differingBound([{ chunks: total, drawn: chunks }])
  return `${told} (${where}): with 95 % confidence at most ${bound} of the chunks would differ (a single such chunk is found with chance ${chunks}/${total})`
}
