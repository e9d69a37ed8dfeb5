/** FORMAT.md: every vector in it is what the code does, and its paragraphs keep their numbers. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ed25519 } from '@noble/curves/ed25519.js'
import { type Drawn, differingBound } from '../lib/bound.ts'
import { canonical, parseCanonical } from '../lib/canonical.ts'
import { type ChunkRecord, chunkPlace, jobsBytes, jobText, parseChunk, summaryBytes } from '../lib/chunk.ts'
import { type Domain, hash, sha256, toHex, u32be, u64be, utf8 } from '../lib/digest.ts'
import { checkDocument, defaultChunk, type ExperimentDocument, experimentHash } from '../lib/document.ts'
import { type Entry, entryBytes, parseEntry } from '../lib/entry.ts'
import { inclusionProof } from '../lib/inclusion.ts'
import { leafHash, merkleRoot } from '../lib/merkle.ts'
import {
  parseNote,
  parseVerifierKey,
  signersOf,
  signNote,
  type VerifierKey,
  verifierKey,
  verifierKeyText,
} from '../lib/note.ts'
import { type Generator, randomStream } from '../lib/random.ts'
import { auditEntropy, drawSample } from '../lib/sample.ts'
import { chunkSeed, jobSeed, sharedSeed, streamSeed } from '../lib/seed.ts'
import { drawStratified, type Stratum } from '../lib/strata.ts'
import { parseTlogProof, provenBy, tlogProofText } from '../lib/tlog-proof.ts'
import { decode, type Json } from '../lib/values.ts'

const FORMAT = readFileSync(new URL('../../FORMAT.md', import.meta.url), 'utf8')
const unhex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))

/** The experiment that the vectors after it are about. */
let current: ExperimentDocument | undefined
function asked(): ExperimentDocument {
  assert.ok(current !== undefined, 'a vector stands before its experiment')
  return current
}

/** The key of the vectors after it. */
let signing: VerifierKey | undefined

interface Seed {
  readonly seedOf: 'chunk' | 'job' | 'stream' | 'shared'
  readonly chunk: number
  readonly job: number | 'setup'
  readonly label: string
  readonly sharedBy: readonly string[]
  readonly factors: string
  readonly is: string
}

function seedOf(vector: Seed): Uint8Array {
  const place = chunkPlace(asked(), vector.chunk)
  const experiment = experimentHash(asked())
  const chunk = chunkSeed(experiment, vector.chunk)
  if (vector.seedOf === 'chunk') return chunk
  const owner = vector.job === 'setup' ? chunk : jobSeed(chunk, vector.job)
  if (vector.seedOf === 'job') return owner
  if (vector.seedOf === 'stream') return streamSeed(owner, vector.label)
  const factors = canonical(Object.fromEntries(vector.sharedBy.map((name) => [name, place.point[name]])))
  assert.equal(factors, vector.factors)
  const repetition = place.first + (vector.job === 'setup' ? 0 : vector.job)
  return sharedSeed(experiment, vector.label, utf8(factors), repetition)
}

/** How a vector is checked, by its first key. */
const CHECKS: Readonly<Record<string, (vector: never) => void>> = {
  sha256: (v: { sha256: string; is: string }) => assert.equal(toHex(sha256(unhex(v.sha256))), v.is),
  lp: (v: { lp: string; is: string }) => assert.equal(toHex(u32be(unhex(v.lp).length)) + v.lp, v.is),
  u64be: (v: { u64be: number; is: string }) => assert.equal(toHex(u64be(v.u64be)), v.is),
  H: ({ H: [domain, ...parts], is }: { H: string[]; is: string }) =>
    assert.equal(toHex(hash(domain as Domain, ...parts.map(unhex))), is),
  value: (v: { value: Json; is: string }) => {
    assert.equal(canonical(decode(v.value)), v.is)
    assert.equal(canonical(decode(parseCanonical(utf8(v.is)))), v.is)
  },
  refused: (v: { refused: string }) =>
    assert.throws(() => decode(parseCanonical(utf8(v.refused))), { code: 'not-intact' }, v.refused),
  experiment: (v: { experiment: ExperimentDocument; canonical: string; is: string }) => {
    checkDocument(v.experiment)
    assert.equal(canonical(v.experiment), v.canonical)
    assert.equal(toHex(experimentHash(v.experiment)), v.is)
    current = v.experiment
  },
  chunk: (v: { chunk: number; point: Json; repetitions: readonly number[] }) => {
    const { point, first, jobs } = chunkPlace(asked(), v.chunk)
    assert.deepEqual(point, v.point)
    assert.deepEqual(
      Array.from({ length: jobs }, (_, j) => first + j),
      v.repetitions,
    )
  },
  points: (v: { points: number; repetitions: number; defaultChunk: number }) => {
    const design = { zip: [{ name: 'a', values: new Array<number>(v.points).fill(0) }] }
    assert.equal(defaultChunk(design, v.repetitions), v.defaultChunk)
  },
  seedOf: (v: Seed) => assert.equal(toHex(seedOf(v)), v.is),
  random: (v: { random: Generator; seed: string; double: number[]; quick: number[]; int32: number[] }) => {
    for (const method of ['double', 'quick', 'int32'] as const) {
      const random = randomStream(v.random, unhex(v.seed))
      assert.deepEqual(
        v[method].map(() => random[method]()),
        v[method],
      )
    }
  },
  record: (v: { record: ChunkRecord; bytes: string; sha256: string; leaf: string }) => {
    const { record } = v
    const bytes =
      'jobs' in record
        ? jobsBytes(record.chunk, record.jobs.map(jobText))
        : summaryBytes(record.chunk, record.summary, record.failed)
    assert.equal(new TextDecoder().decode(bytes), v.bytes)
    assert.equal(toHex(sha256(bytes)), v.sha256)
    assert.equal(toHex(leafHash(bytes)), v.leaf)
    assert.deepEqual(parseChunk(bytes, chunkPlace(asked(), record.chunk)), record)
  },
  leaves: (v: { leaves: readonly string[]; root: string }) =>
    assert.equal(toHex(merkleRoot(v.leaves.map((leaf) => leafHash(unhex(leaf))))), v.root),
  n: (v: { n: number; k: number; entropy: string; sample: readonly number[] }) =>
    assert.deepEqual(drawSample(v.n, v.k, unhex(v.entropy)), v.sample),
  beacon: (v: { beacon: string; root: string; entropy: string }) =>
    assert.equal(toHex(auditEntropy(v.root, v.beacon)), v.entropy),
  strata: (v: { strata: readonly Stratum[]; k: number; entropy: string; sample: readonly number[] }) =>
    assert.deepEqual(drawStratified(v.strata, v.k, unhex(v.entropy)), v.sample),
  bound: (v: { bound: number; drawn: readonly Drawn[] }) => assert.equal(differingBound(v.drawn), v.bound),
  key: (v: { key: string; publicKey: string; is: string }) => {
    const key = verifierKey(v.key, unhex(v.publicKey))
    assert.equal(verifierKeyText(key), v.is)
    assert.deepEqual(parseVerifierKey(v.is), key)
    signing = key
  },
  entry: (v: { entry: Entry; is: string }) => {
    assert.equal(new TextDecoder().decode(entryBytes(v.entry)), v.is)
    assert.deepEqual(parseEntry(utf8(v.is)), { ...v.entry, format: 'reprise/entry/1' })
  },
  note: (v: { note: string; secret: string; is: string }) => {
    const key = signing!
    assert.equal(signNote(v.note, { key, sign: (bytes) => ed25519.sign(bytes, unhex(v.secret)) }), v.is)
    assert.deepEqual(signersOf(parseNote(v.is), [key]), [key])
  },
  inclusion: (v: { inclusion: number; entries: string[]; checkpoint: string; is: string }) => {
    const path = inclusionProof(
      v.entries.map((entry) => leafHash(utf8(entry))),
      v.inclusion,
    )
    assert.equal(tlogProofText({ index: v.inclusion, path, checkpoint: v.checkpoint }), v.is)
    assert.equal(
      provenBy(parseTlogProof(v.is), utf8(v.entries[v.inclusion]!)).checkpoint.size,
      v.entries.length,
    )
  },
}

const lines = [...FORMAT.matchAll(/^```vector\n(.*?)^```$/gms)].flatMap((block) =>
  block[1]!.trimEnd().split('\n'),
)

test('should hold no vector that the code does not give', () => {
  const seen = new Set<string>()
  for (const line of lines) {
    const vector = JSON.parse(line) as Record<string, unknown>
    const kind = Object.keys(vector)[0]!
    assert.ok(Object.hasOwn(CHECKS, kind), `no check for ${line}`)
    seen.add(kind)
    CHECKS[kind]!(vector as never)
  }
  assert.deepEqual([...seen].sort(), Object.keys(CHECKS).sort(), 'every kind of vector is there')
  assert.ok(lines.length >= 50, `${lines.length} vectors`)
})

test('should number its sections and paragraphs without a gap', () => {
  const sections = [...FORMAT.matchAll(/^## (\d+)\. /gm)].map((match) => Number(match[1]))
  assert.deepEqual(sections, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
  const paragraphs = [...FORMAT.matchAll(/^\*\*(\d+)\.(\d+)\*\* /gm)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ])
  for (const section of sections) {
    const numbers = paragraphs.filter(([of]) => of === section).map(([, number]) => number)
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => i + 1),
      `section ${section}`,
    )
  }
  assert.deepEqual(
    paragraphs,
    paragraphs.toSorted(([a, b], [c, d]) => a! - c! || b! - d!),
  )
})

test('should name every domain and generator that the code has', () => {
  const domains: Record<Domain, true> = {
    'reprise/experiment/1': true,
    'reprise/chunk-seed/1': true,
    'reprise/job-seed/1': true,
    'reprise/stream-seed/1': true,
    'reprise/shared-seed/1': true,
    'reprise/sample/1': true,
  }
  const generators: Record<Generator, true> = { tychei: true, alea: true, xor4096: true, arc4: true }
  for (const name of [...Object.keys(domains), ...Object.keys(generators)]) {
    assert.ok(FORMAT.includes(`\`${name}\``), name)
  }
})
