/**
 * Where things are in the store of a run, and what an array's order says: all that those who submit, the tasks and those
 * who collect must agree on.
 */
import type { ChunkRange } from '../detached/submission.ts'

/** What the tasks of an array are to do. Under `orderKey`, put before anything is submitted, and never changed. */
export interface ArrayTasks {
  readonly format: 'reprise/array/1'
  /** Experiment hash, hex. */
  readonly hash: string
  /** Paths, as nodes see them; where nodes see no folder, keys of the store (`contentKey`). */
  readonly capsule: string
  readonly inputs: Readonly<Record<string, string>>
  /** Engines at once in a task. */
  readonly engines: number
  readonly timeoutMs: number | null
  /** An engine not heard of for this long is lost; the usual when null. */
  readonly silenceMs: number | null
  /** Chunks by index: the whole batch that the task of that index executes. */
  readonly tasks: readonly (readonly ChunkRange[])[]
  /** The name under which it is, or is to be, submitted. */
  readonly name: string
}

export const orderKey = (array: number) => `arrays/${array}/order.json`
/** Text: the engine's handle. Not there: it is not known whether it was submitted. Empty: it was not, and is not to be. */
export const handleKey = (array: number) => `arrays/${array}/handle`

/** Where parts of an array are; see parts.ts. */
export const partsPrefix = (array: number) => `parts/${array}/`
/** Parts of one task; its attempts are parted by their `writer`, of lower-case hex. */
export const taskPrefix = (array: number, index: number) => `parts/${array}/${index}.`
/** A part, named by its content's SHA-256 too: what is under its key is known to be whole. */
export const partKey = (array: number, index: number, writer: string, seq: number, sha256: string) =>
  `${taskPrefix(array, index)}${writer}.${String(seq).padStart(6, '0')}.${sha256}`
export const PART = /^parts\/(\d+)\/(\d+)\.([0-9a-f]+)\.(\d{6,})\.([0-9a-f]{64})$/

/** A capsule or an input, by its SHA-256, where the nodes see no folder. */
export const contentKey = (sha256: string) => `content/${sha256}`
export const CONTENT = /^content\/([0-9a-f]{64})$/
/** The program that tasks run, by its SHA-256, where the nodes see no folder. */
export const programKey = (sha256: string) => `program/${sha256}.mjs`

/** There as soon as somebody has run the probes in this environment; by the SHA-256 of its text. */
export const probedKey = (sha256: string) => `probed/${sha256}`
