/** Manifests from elsewhere that differ in as much as they can hold: the comparison stays bounded. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { diffRuns } from '../../lab/diff.ts'
import type { Lab } from '../../lab/lab.ts'
import { sha256, toHex } from '../../lib/digest.ts'
import { chunkCount, type ExperimentDocument, experimentHash, jobCount } from '../../lib/document.ts'
import { merkleRoot } from '../../lib/merkle.ts'
import type { Json } from '../../lib/values.ts'
import { type Manifest, manifestBytes, withProof } from '../../provenance/manifest.ts'
import { documentOf, temporaryLab } from './run.ts'

const OLD = new URL('../../../test/golden/manifest-0.1.0.json', import.meta.url)
const MANY = 10_000

/** A manifest with sound digests over made-up contents; `side` makes every name and digest in it another. */
function forged(lab: Lab, side: string, document: ExperimentDocument): string {
  const old = JSON.parse(readFileSync(OLD, 'utf8')) as Manifest
  const chunks = chunkCount(document)
  const leaves = Array.from({ length: chunks }, (_, i) => sha256(new TextEncoder().encode(`${side}${i}`)))
  const many = <T>(make: (i: number) => T) => Array.from({ length: MANY }, (_, i) => make(i))
  const names = (value: (i: number) => string) =>
    Object.fromEntries(many((i) => [`${side}\u001b[2J\n${i}`, value(i)]))
  const node = { node: 'v1' }
  const { proof: _, ...record } = old
  const manifest = withProof({
    ...record,
    experiment: { document, hash: toHex(experimentHash(document)) },
    run: {
      ...old.run,
      code: { ...old.run.code, ...names((i) => `${i}`) } as Manifest['run']['code'],
      packages: many((i) => ({ name: `${side}${i}`, version: 'x'.repeat(100) })),
      inputs: Object.fromEntries(many((i) => [`${side}${i}`, toHex(sha256(new Uint8Array([i & 255])))])),
      environments: many((i) => ({
        environment: { ...node, fingerprint: i < 3 ? names(() => side) : { shared: `${side}${i}` } },
        chunks: 1,
      })),
      counts: { ...old.run.counts, chunks, jobs: jobCount(document) },
    },
    results: { chunks, root: toHex(merkleRoot(leaves)), leaves: leaves.map(toHex) },
  })
  const path = join(lab.path, `${side}.json`)
  writeFileSync(path, manifestBytes(manifest))
  return path
}

function design(side: string): ExperimentDocument {
  const values: Json[] = Array.from({ length: MANY }, (_, i) => `${side}${i}${'y'.repeat(300)}`)
  const single = Array.from({ length: 2000 }, (_, i) => ({ name: `${side}factor${i}`, values: [i] }))
  return documentOf({ design: { product: [{ name: 'a', values }, ...single] }, repetitions: 2, chunk: 1 })
}

test('should stay bounded, in time and in what it tells, whatever records hold', (t) => {
  const lab = temporaryLab(t)
  const [a, b] = ['left', 'right'].map((side) => forged(lab, side, design(side)))
  const started = performance.now()
  const found = diffRuns(lab, a!, b!, { most: 1e9, tolerance: { relative: 1, absolute: 1 }, level: 0.01 })
  const seconds = (performance.now() - started) / 1000
  assert.ok(seconds < 60, `it took ${seconds} s`)
  const text = JSON.stringify(found)
  assert.ok(text.length < 2_000_000, `${text.length} characters`)
  assert.equal(found.code.length, 500)
  assert.ok(found.omitted.code > 2 * MANY)
  assert.equal(found.statistics?.verdict, 'undecided')
  assert.deepEqual([found.results.chunksDiffering, found.tolerance?.within], [null, null])
})

test('should count chunks of one experiment that all differ without their values', (t) => {
  const lab = temporaryLab(t)
  const document = documentOf({ repetitions: MANY, chunk: 1 }) // fifty thousand chunks
  const [a, b] = ['left', 'right'].map((side) => forged(lab, side, document))
  const { results, tolerance } = diffRuns(lab, a!, b!, {
    most: 1e9,
    tolerance: { relative: 1, absolute: 1 },
    level: null,
  })
  assert.deepEqual([results.chunksDiffering, results.differing.length, results.values], [5 * MANY, 20, null])
  assert.deepEqual([results.first?.chunk, results.first?.path, tolerance?.within], [0, null, null])
})
