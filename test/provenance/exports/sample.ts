/** A real manifest with parts changed for a test: exports are made of what a manifest says, whether or not it is true. */
import { readFileSync } from 'node:fs'
import { chunkCount, type ExperimentDocument, jobCount } from '../../../lib/document.ts'
import { PATHS, type PayloadFile } from '../../../provenance/exports/payload.ts'
import type { Manifest, RunRecord } from '../../../provenance/manifest.ts'
import { parseManifest } from '../../../provenance/read-manifest.ts'

const FACTORIAL = new URL('../../../../examples/manifests/factorial.json', import.meta.url)

/** The words of a hostile name: TeX, YAML, Markdown, JSON-LD and terminals, each with what it would act on. */
export const HOSTILE =
  '\\input{/etc/passwd} \\write18{x} 50% of $x_1^2$ & #1 ~ <b> "q" `w` \'e\' {{ @misc} --- ,, ?` \u202eevil β 😀 ǆ: @id: - x'

export function sample(
  change: {
    document?: Partial<ExperimentDocument>
    run?: Partial<RunRecord>
    proof?: Partial<Manifest['proof']>
  } = {},
): Manifest {
  const { experiment, run, results, proof, ...rest } = parseManifest(readFileSync(FACTORIAL))
  const document = { ...experiment.document, ...change.document }
  const chunks = chunkCount(document)
  return {
    ...rest,
    experiment: { document, hash: experiment.hash },
    run: { ...run, counts: { ...run.counts, chunks, jobs: jobCount(document) }, ...change.run },
    results: {
      chunks,
      root: results.root,
      leaves: Array.from({ length: chunks }, (_, i) => i.toString(16).padStart(64, '0')),
    },
    proof: { ...proof, ...change.proof },
  }
}

/** The files that an export of it would lie among. */
export function filesOf({ capsule, run }: Manifest, results = true): PayloadFile[] {
  const file = (kind: PayloadFile['kind'], path: string, sha256 = 'ab'.repeat(32)) => ({
    kind,
    path,
    sha256,
    bytes: 10,
  })
  return [
    file('manifest', PATHS.manifest),
    file('capsule', PATHS.capsule(capsule.sha256), capsule.sha256),
    ...[...new Set(Object.values(run.inputs))].map((digest) => file('input', PATHS.input(digest), digest)),
    ...(results ? [file('results', PATHS.results)] : []),
    file('readme', PATHS.readme),
  ]
}
