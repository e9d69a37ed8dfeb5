/**
 * What the user's functions get: the point, their streams of random numbers, input and log. Seeds are made here from
 * seed.ts, and nowhere else while a chunk executes.
 */
import { canonical, canonicalBytes } from './canonical.ts'
import type { ChunkPlace } from './chunk.ts'
import type { Point } from './design.ts'
import { toHex } from './digest.ts'
import type { ExperimentDocument } from './document.ts'
import type { Input } from './experiment.ts'
import { type Random, randomStream } from './random.ts'
import { chunkSeed, jobSeed, sharedSeed, streamSeed } from './seed.ts'

/** What the surroundings lend to user code. */
interface Lent {
  readonly input: Input
  readonly log: (words: readonly unknown[]) => void
}

/** A job, or (in `setup` and `summarise`) a chunk. */
export interface StreamOwner {
  readonly stream: (label: string) => Random
}

/** What the jobs of one chunk share. */
export class ChunkContext {
  readonly document: ExperimentDocument
  readonly hash: Uint8Array
  readonly place: ChunkPlace
  readonly seed: Uint8Array
  readonly input: Input
  readonly log: (...words: unknown[]) => void
  readonly stream: (label: string, options?: { readonly sharedBy: readonly string[] }) => Random

  constructor(document: ExperimentDocument, hash: Uint8Array, place: ChunkPlace, ports: Lent) {
    this.document = document
    this.hash = hash
    this.place = { ...place, point: deepFreeze(canonicalCopy(place.point)) }
    this.seed = chunkSeed(hash, place.chunk)
    this.input = ports.input
    this.log = (...words) => ports.log(words)
    this.stream = this.streams(this.seed, this.place.first)
  }

  setupContext(): object {
    const { place, input, log, stream } = this
    return { point: place.point, stream, input, log }
  }

  /** Streams of one owner (a job, or the chunk itself), each made once: asking again continues it. */
  streams(
    owner: Uint8Array,
    repetition: number,
  ): (label: string, options?: { readonly sharedBy: readonly string[] }) => Random {
    const made = new Map<string, Random>()
    return (label, options) => {
      if (typeof label !== 'string' || !label.isWellFormed())
        throw new TypeError('stream(label): the label must be a string')
      const factors = options === undefined ? null : this.#factors(options.sharedBy)
      const key = `${factors === null ? '' : new TextDecoder().decode(factors)}|${label}`
      let random = made.get(key)
      if (random === undefined) {
        const seed =
          factors === null ? streamSeed(owner, label) : sharedSeed(this.hash, label, factors, repetition)
        random = randomStream(this.document.random, seed)
        made.set(key, random)
      }
      return random
    }
  }

  #factors(names: readonly string[]): Uint8Array {
    if (!Array.isArray(names))
      throw new TypeError('stream(label, { sharedBy }): sharedBy must be a list of names')
    const { point } = this.place
    for (const name of names) {
      if (!Object.hasOwn(point, name))
        throw new TypeError(`sharedBy: there is no parameter ${JSON.stringify(name)}`)
    }
    return canonicalBytes(Object.fromEntries(names.map((name) => [name, point[name]])))
  }
}

/** One job's context. Seeds and generators are made when first asked for: a job that draws nothing pays nothing. */
export class JobContext {
  readonly setup: unknown
  readonly repetition: number
  readonly #chunk: ChunkContext
  readonly #j: number
  #seed: Uint8Array | undefined
  #random: Random | undefined
  #stream: ((label: string, options?: { readonly sharedBy: readonly string[] }) => Random) | undefined

  constructor(chunk: ChunkContext, j: number, setup: unknown) {
    this.#chunk = chunk
    this.#j = j
    this.setup = setup
    this.repetition = chunk.place.first + j
  }

  get point() {
    return this.#chunk.place.point
  }
  get input() {
    return this.#chunk.input
  }
  get log() {
    return this.#chunk.log
  }
  get seed() {
    return toHex(this.#bytes())
  }
  get random() {
    this.#random ??= randomStream(this.#chunk.document.random, this.#bytes())
    return this.#random
  }
  get stream() {
    this.#stream ??= this.#chunk.streams(this.#bytes(), this.repetition)
    return this.#stream
  }
  #bytes() {
    this.#seed ??= jobSeed(this.#chunk.seed, this.#j)
    return this.#seed
  }
}

/** The point with its keys in canonical order: work cannot tell two documents of the same hash apart. */
function canonicalCopy(point: Point): Point {
  return JSON.parse(canonical(point)) as Point
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const item of Object.values(value)) deepFreeze(item)
  }
  return value
}
