/** Reads the golden vectors: JSON made by vectors.py, and those that others published. */
import { readFileSync } from 'node:fs'
import type { Drawn } from '../../lib/bound.ts'
import type { ExperimentDocument } from '../../lib/document.ts'
import type { Generator } from '../../lib/random.ts'
import type { Stratum } from '../../lib/strata.ts'
import type { Json } from '../../lib/values.ts'

/** The folder of the vectors, seen from the compiled file. */
export const GOLDEN = new URL('../../../test/golden/', import.meta.url)

interface Labelled {
  readonly label: string
  readonly seed: string
}
interface Streams {
  readonly streams: readonly Labelled[]
  readonly shared: readonly Labelled[]
}
export interface PlaceVector {
  readonly chunk: number
  readonly pointIndex: number
  readonly point: { readonly [name: string]: Json }
  readonly first: number
  readonly jobs: number
}
export interface ExperimentVector {
  readonly document: ExperimentDocument
  readonly canonical: string
  readonly hash: string
  readonly points: number
  readonly chunks: number
  readonly jobs: number
  readonly places: readonly PlaceVector[]
  readonly seeds: readonly {
    readonly chunk: number
    readonly seed: string
    readonly sharedBy: readonly string[]
    readonly factors: string
    readonly setup: Streams
    readonly jobs: readonly ({
      readonly job: number
      readonly repetition: number
      readonly seed: string
    } & Streams)[]
  }[]
}

export interface Vectors {
  readonly sha256: readonly { readonly bytes: string; readonly digest: string }[]
  readonly hash: readonly {
    readonly domain: string
    readonly parts: readonly string[]
    readonly digest: string
  }[]
  readonly u32be: readonly { readonly n: number; readonly bytes: string }[]
  readonly u64be: readonly { readonly n: number; readonly bytes: string }[]
  readonly numbers: readonly { readonly bits: string; readonly text: string }[]
  readonly values: readonly {
    readonly name: string
    readonly json: Json
    readonly text: string
    readonly sha256: string
  }[]
  readonly typed: readonly {
    readonly type: string
    readonly elements: readonly string[]
    readonly text: string
  }[]
  readonly bigints: readonly { readonly n: string; readonly text: string }[]
  readonly experiments: readonly ExperimentVector[]
  readonly defaultChunk: readonly {
    readonly points: number
    readonly repetitions: number
    readonly chunk: number
  }[]
  readonly chunks: readonly {
    readonly record: { readonly [key: string]: Json }
    readonly text: string
    readonly sha256: string
    readonly leaf: string
  }[]
  readonly leaves: readonly { readonly bytes: string; readonly hash: string }[]
  readonly roots: readonly { readonly n: number; readonly root: string }[]
  readonly samples: readonly {
    readonly n: number
    readonly k: number
    readonly entropy: string
    readonly drawn: readonly number[]
  }[]
  readonly beacons: readonly { readonly root: string; readonly beacon: string; readonly entropy: string }[]
  readonly strata: readonly {
    readonly strata: readonly Stratum[]
    readonly k: number
    readonly entropy: string
    readonly drawn: readonly number[]
  }[]
  readonly bounds: readonly { readonly strata: readonly Drawn[]; readonly bound: number }[]
}

type Method = 'double' | 'quick' | 'int32'
export interface Generators {
  readonly generators: readonly {
    readonly random: Generator
    readonly seed: string
    readonly double: readonly number[]
    readonly quick: readonly number[]
    readonly int32: readonly number[]
    readonly mixed: readonly (readonly [Method, number])[]
    readonly later: number
  }[]
}

export interface Rfc8785 {
  readonly example: { readonly input: string; readonly utf8: string }
  readonly sorting: { readonly input: string; readonly order: readonly string[] }
  readonly numbers: readonly { readonly bits: string; readonly text: string | null }[]
}
export interface Rfc6962 {
  readonly empty: string
  readonly leaves: readonly string[]
  readonly roots: readonly string[]
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, GOLDEN), 'utf8')) as T
}

export const vectors = read<Vectors>('vectors.json')
export const generators = read<Generators>('generators.json').generators
export const rfc8785 = read<Rfc8785>('rfc8785.json')
export const rfc6962 = read<Rfc6962>('rfc6962.json')

export function unhex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}

/** The double with these IEEE 754 bits, big-endian hex. */
export function fromBits(text: string): number {
  return new DataView(unhex(text).buffer as ArrayBuffer).getFloat64(0)
}
