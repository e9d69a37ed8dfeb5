/**
 * What a report is made of: a sealed record whose digests hold, its results held against their leaves, and what this lab
 * knows of it besides. The page itself gets the chunks where they are not too large, so that its numbers can be checked in
 * it; else counts of values, which show the same and prove nothing.
 */
import { readBeside, readInput } from '../../lab/beside.ts'
import { costOf } from '../../lab/cost.ts'
import { findExportable } from '../../lab/export.ts'
import { heldChunks } from '../../lab/held-chunks.ts'
import type { Lab, RunFolder } from '../../lab/lab.ts'
import { chunkOutcomes } from '../../lab/outcomes.ts'
import type { FoundRecord } from '../../lab/record.ts'
import { openChunks } from '../../lab/recorded-chunks.ts'
import { runState, runStates } from '../../lab/state.ts'
import { MAX_CHUNKS } from '../../lib/document.ts'
import { RepriseError } from '../../lib/errors.ts'
import type { Manifest } from '../../provenance/manifest.ts'
import { type Verification, verifyManifest } from '../../provenance/verify.ts'
import { type Packed, packed } from '../page.ts'
import { lackingInBrowser } from '../verification/lacking.ts'
import { type Bins, binsOf } from './distribution.ts'
import { type FailureGroup, Failures } from './failures.ts'
import { type Model, modelOf } from './model.ts'

/** Bytes that a page takes unless it is to be whole: of chunks as they are and as they are packed, of leaves, and of inputs. */
const [MOST_CHUNKS, MOST_PACKED, MOST_LEAVES, MOST_INPUT] = [2 ** 25, 3 * 2 ** 20, 2 ** 22, 2 ** 20]
/** Numbers in all histograms of a page without chunks. */
const MOST_COUNTS = 400_000

export interface Told {
  readonly cost: Awaited<ReturnType<typeof costOf>> | null
  /** Reruns and audits of this run in this lab, with their verdicts. */
  readonly reruns: readonly { readonly run: string; readonly verdict: string; readonly chunks: number }[]
}

/** How the values of a field (by its index) lie at a point. */
export interface PointBins extends Bins {
  readonly field: number
  readonly point: number
}

export interface ReportSource {
  readonly record: FoundRecord
  readonly manifest: Manifest
  readonly verification: Verification
  readonly model: Model
  /** Whether results are at hand at all. */
  readonly hasResults: boolean
  readonly failures: readonly FailureGroup[]
  /** How values lie; null where the page has the chunks, or where they would be too many. */
  readonly bins: readonly PointBins[] | null
  /** Elements of the page that hold the record, by their ids. */
  readonly held: ReadonlyMap<string, Packed>
  /** The file of leaf hashes; null where the manifest has them itself, and where it is lost. */
  readonly leaves: Uint8Array | null
  /** What is not in the page, and why, a sentence each. */
  readonly withheld: readonly string[]
  /** Why jobs cannot be executed in the page, a sentence each. */
  readonly lacking: readonly string[]
  readonly told: Told
}

/** Reads all that a report tells; chunks of more than `most` bytes are left out, unless it is to be `whole`. Throws `not-found`, `incomplete` for a run that is not sealed, `not-intact`. */
export async function reportSource(
  lab: Lab,
  text: string,
  whole: boolean,
  most = MOST_CHUNKS,
): Promise<ReportSource> {
  const { record, manifest, run } = findExportable(lab, text)
  const { leaves, capsule } = besides(lab, record, manifest)
  const verification = verifyManifest(record.bytes, { leaves, capsule })
  const [first] = verification.problems
  if (first !== undefined)
    throw new RepriseError('not-intact', first.what, {
      subject: first.where,
      remedy: 'No report is made of it; get the manifest again from its source',
    })
  const withheld: string[] = []
  const held = new Map([['manifest', packed(record.bytes)]])
  const hold = (id: string, bytes: Uint8Array | null, most: number, what: string) => {
    if (bytes === null || (bytes.length > most && !whole)) withheld.push(what)
    else held.set(id, packed(bytes))
  }
  if ('sha256' in manifest.results.leaves)
    hold(
      'leaves',
      leaves,
      MOST_LEAVES,
      'the leaf hashes of all chunks, so that no root can be computed in it',
    )
  if (manifest.capsule.source === null)
    hold('capsule', capsule, MOST_CHUNKS, 'the code, so that nothing can be executed in it')
  for (const digest of new Set(Object.values(manifest.run.inputs)))
    hold(
      `input-${digest}`,
      readInput(record.folder, lab.inputs, digest),
      MOST_INPUT,
      `the input with SHA-256 ${digest}, which jobs need`,
    )
  const results = readResults(lab, record, manifest, leaves, whole ? Number.POSITIVE_INFINITY : most)
  if (results.chunks !== null) held.set('chunks', results.chunks)
  else if (results.hasResults)
    withheld.push(
      'the results job by job, which are too large: its numbers can be checked with reprise verify and the results, or in a report made with --whole',
    )
  if (results.model.leftOut.count > 0) withheld.push(leftOutWords(results.model))
  const inputs = new Set(Object.values(manifest.run.inputs).filter((digest) => held.has(`input-${digest}`)))
  const code =
    manifest.capsule.source ?? (held.has('capsule') ? Buffer.from(capsule!).toString('utf8') : null)
  const lacking = lackingInBrowser(manifest, { capsule: code, inputs, leaves: held.has('leaves') })
  const told = run === null ? { cost: null, reruns: [] } : await toldOf(lab, run)
  return { record, manifest, verification, leaves, held, withheld, lacking, told, ...results }
}

/** Tables, figures and Markdown have as many fields as people look at. */
function leftOutWords({ fields, leftOut: { count: more, names } }: Model): string {
  const all = fields.length + more
  const some = `${names.join(', ')}${more > names.length ? ' and others' : ''}`
  return `${more} of ${all} fields, nor do figures and Markdown (${some}): all are in the CSV file of reprise report --csv`
}

function besides(lab: Lab, record: FoundRecord, { capsule, results }: Manifest) {
  const { leaves } = results
  return {
    leaves:
      'sha256' in leaves ? readBeside([record.folder], `${leaves.sha256}.leaves`, 32 * MAX_CHUNKS) : null,
    capsule:
      capsule.source === null ? readBeside([record.folder, lab.capsules], `${capsule.sha256}.mjs`) : null,
  }
}

interface Results {
  readonly model: Model
  readonly hasResults: boolean
  readonly failures: readonly FailureGroup[]
  readonly bins: readonly PointBins[] | null
  readonly chunks: Packed | null
}

/** All chunks are read once. */
function readResults(
  lab: Lab,
  record: FoundRecord,
  manifest: Manifest,
  leaves: Uint8Array | null,
  most: number,
): Results {
  const { document } = manifest.experiment
  const labels = manifest.run.labels ?? {}
  const chunks = openChunks(lab, record, manifest, true)
  if (chunks === null)
    return { model: modelOf(document, [], labels), hasResults: false, failures: [], bins: null, chunks: null }
  const lines = new Lines(most)
  const failures = new Failures()
  const bins: PointBins[] = []
  try {
    const read = function* () {
      for (const line of heldChunks(chunks, manifest, leaves)) {
        lines.add(line.bytes)
        yield line
      }
    }
    const outcomes = failures.watch(chunkOutcomes(document, read()))
    let counts = 0
    const model = modelOf(document, outcomes, labels, (tally, fields) => {
      if (counts > MOST_COUNTS) return
      for (const [field, name] of fields.entries()) {
        const found = binsOf(tally.fields.get(name)?.values ?? [])
        bins.push({ field, point: tally.index, ...found })
        counts += found.counts.length + 1
      }
    })
    const packedLines = lines.packed(Number.isFinite(most) ? MOST_PACKED : most)
    return {
      model,
      hasResults: true,
      failures: failures.groups(),
      bins: packedLines !== null || counts > MOST_COUNTS ? null : bins,
      chunks: packedLines,
    }
  } finally {
    chunks.close()
  }
}

/** Chunks as lines, for as long as they are not too many. */
class Lines {
  #parts: Uint8Array[] | null = []
  #bytes = 0
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  add(bytes: Uint8Array): void {
    this.#bytes += bytes.length + 1
    if (this.#bytes > this.#most) this.#parts = null
    this.#parts?.push(bytes, LINE_END)
  }

  /** Packed; null where that is more than `most` characters. */
  packed(most: number): Packed | null {
    if (this.#parts === null) return null
    const made = packed(Buffer.concat(this.#parts))
    return made.text.length > most ? null : made
  }
}

const LINE_END = Buffer.from('\n')

async function toldOf(lab: Lab, run: RunFolder): Promise<Told> {
  const reruns = runStates(lab).flatMap(({ rerunOf, run: id, verdict, chunks }) =>
    rerunOf === run.id && verdict !== null ? [{ run: id, verdict, chunks }] : [],
  )
  return { cost: await costOf(lab, run, runState(run)), reruns }
}
