/**
 * The protocol between pool and engine: frames over a pair of byte streams (pipes, an ssh channel).
 *
 * A frame is MARK, a JSON header on one line, and `bytes` bytes of payload whose checksum the header carries. What
 * user code prints may get into the same stream (a child process that inherits stdout): bytes outside frames are
 * noise, handed on to the run's log, and so is a frame without the key that the pool gave to this engine; a frame
 * that was torn does not check out, is noise too, and its chunk is executed again. So printing can cost a retry,
 * but never a result.
 */
import { createHash } from 'node:crypto'
import type { ExperimentDocument } from '../lib/document.ts'
import type { EngineEnvironment } from '../lib/environment.ts'
import type { ErrorRecord } from '../lib/errors.ts'
import type { GuardPolicy, MathKind, Program } from '../lib/experiment.ts'
import type { ProbeOutcome } from '../lib/probe.ts'
import { parseHeader } from './header.ts'

/** What the pool tells an engine. */
export type Order =
  | { readonly type: 'describe' }
  | {
      readonly type: 'open'
      /** Experiment hash (hex) that the capsule must have. */
      readonly hash: string
      /** Paths of input files by SHA-256. */
      readonly inputs: Readonly<Record<string, string>>
      /** Milliseconds between two beats. */
      readonly beatMs: number
      /** In every frame from now on: what looks like a frame and lacks it was printed by somebody else. */
      readonly key: string
    }
  /** Only to an engine that has said that it has probes: older ones do not know the word. */
  | { readonly type: 'probe' }
  | { readonly type: 'batch'; readonly chunks: readonly number[] }
  | { readonly type: 'close' }

/** What an experiment says of itself when asked. */
export interface Description {
  readonly document: ExperimentDocument
  readonly hash: string
  readonly result: Readonly<Record<string, unknown>> | null
  readonly inputs: Readonly<Record<string, string>>
  readonly probes: Readonly<Record<string, readonly string[]>>
  readonly labels: Readonly<Record<string, string>>
  readonly program: Program | null
  readonly math: MathKind
  readonly guard: GuardPolicy
}

/** What user code touched that is not the same in every execution: a guard's finding. */
export interface Touch {
  /** What it is about, such as `clock`; see guard-kinds.ts. */
  readonly kind: string
  /** The function, such as `Date.now`. */
  readonly name: string
  /** Who called it, and where, as the engine's stack names it; empty where that cannot be told. */
  readonly caller: string
  readonly place: string
}

export interface Stack {
  readonly job: number
  readonly stack: string
}

/** What an engine tells the pool. */
export type Report =
  | ({ readonly type: 'description' } & Description)
  | {
      readonly type: 'ready'
      readonly pid: number
      readonly node: string
      readonly host: string
      /** Engines of version 0.1 do not tell it. */
      readonly environment?: EngineEnvironment
      /** How many probes its experiment declares; not told where there are none. */
      readonly probes?: number
    }
  | { readonly type: 'probed'; readonly outcomes: readonly ProbeOutcome[] }
  | {
      readonly type: 'chunk'
      readonly chunk: number
      readonly failed: number
      /** Milliseconds that the chunk took on the engine. */
      readonly ms: number
      readonly stacks: readonly Stack[]
    }
  | {
      readonly type: 'log'
      readonly chunk: number
      readonly job: number
      readonly stream: LogStream
      readonly text: string
    }
  | ({ readonly type: 'touched'; readonly chunk: number; readonly job: number } & Touch)
  /**
   * Sent every `beatMs` from a thread of its own; -1 where there is no chunk, or before a chunk's first job. `sent`
   * counts the chunks reported so far: the pool sees from it that a report was torn.
   */
  | { readonly type: 'beat'; readonly chunk: number; readonly job: number; readonly sent: number }
  | { readonly type: 'fatal'; readonly error: ErrorRecord }

export type LogStream = 'log' | 'stdout' | 'stderr'

export interface Frame<M> {
  readonly message: M
  readonly payload: Uint8Array
  /** RFC 6962 leaf hash of the payload (hex), checked; empty where there is no payload. */
  readonly leaf: string
}

/** Made without Node, since a capsule is loaded in browsers too. */
const MARK = new TextEncoder().encode('\x1eREPRISE ')
/** A description holds a design, which may be long. */
const MAX_HEADER = 64 * 2 ** 20
/** Bytes digested for frames that did not check out, beyond those of a stream that user code tears now and then. */
const MAX_VAIN = 64 * 2 ** 20
const EMPTY = new Uint8Array(0)

/** SHA-256(0x00 ‖ bytes) by the platform, in hex: the same as `leafHash`, faster where there is Node. */
export function leafOf(bytes: Uint8Array): string {
  return createHash('sha256').update('\0').update(bytes).digest('hex')
}

export function encodeFrame(message: Order | Report, payload: Uint8Array = EMPTY, key = ''): Buffer {
  const size = payload.length === 0 ? {} : { bytes: payload.length, leaf: leafOf(payload) }
  const header = { ...message, ...size, ...(key === '' ? {} : { key }) }
  return Buffer.concat([MARK, Buffer.from(`${JSON.stringify(header)}\n`), payload])
}

/** Cuts a byte stream into frames and noise. */
export class FrameReader<M> {
  readonly #onFrame: (frame: Frame<M>) => void
  readonly #onNoise: (bytes: Buffer) => void
  readonly #trusts: (key: string) => boolean
  #pieces: Buffer[] = []
  #length = 0
  /** Bytes needed before looking again makes sense. */
  #needed = 1
  /** A header is begun that has no end yet: looking again makes sense when there is one. */
  #inHeader = false
  /** All bytes so far, and those that were digested in vain. */
  #read = 0
  #vain = 0

  /** A frame whose key (empty where it has none) `trusts` does not know is noise. */
  constructor(
    onFrame: (frame: Frame<M>) => void,
    onNoise: (bytes: Buffer) => void,
    trusts: (key: string) => boolean = () => true,
  ) {
    this.#onFrame = onFrame
    this.#onNoise = onNoise
    this.#trusts = trusts
  }

  push(bytes: Buffer): void {
    this.#pieces.push(bytes)
    this.#length += bytes.length
    this.#read += bytes.length
    if (this.#length < this.#needed) return
    if (this.#inHeader && this.#length <= MAX_HEADER && !bytes.includes(10)) return
    let rest: Buffer = this.#pieces.length === 1 ? bytes : Buffer.concat(this.#pieces)
    for (;;) {
      const left = this.#step(rest)
      if (left === null) break
      rest = left
    }
    this.#pieces = rest.length === 0 ? [] : [rest]
    this.#length = rest.length
  }

  /** A frame has begun and is not whole yet. */
  get assembling(): boolean {
    return this.#inHeader || this.#length < this.#needed - 1
  }

  /** What is left at the end of the stream is noise. */
  end(): void {
    if (this.#length > 0) this.#onNoise(Buffer.concat(this.#pieces))
    this.#pieces = []
    this.#length = 0
  }

  /** Takes one frame or stretch of noise off the front; null when more bytes are needed. */
  #step(buffer: Buffer): Buffer | null {
    this.#needed = buffer.length + 1
    this.#inHeader = false
    if (this.#vain > MAX_VAIN + 4 * this.#read) return this.#noise(buffer, buffer.length)
    if (buffer.length === 0) return null
    const mark = buffer.indexOf(MARK)
    if (mark !== 0) return this.#noise(buffer, mark < 0 ? keepFrom(buffer) : mark)
    const newline = buffer.indexOf(10)
    if (newline < 0 && buffer.length <= MAX_HEADER) {
      this.#inHeader = true
      return null
    }
    const lineEnd = newline < 0 ? buffer.length : newline
    const last = buffer.lastIndexOf(MARK, lineEnd - 1) // no header holds a mark
    if (last > 0 && last < lineEnd) return this.#noise(buffer, last)
    if (newline < 0) return this.#noise(buffer, keepFrom(buffer))
    const header = parseHeader(buffer.subarray(MARK.length, newline))
    if (header === null || !this.#trusts(header.key)) return this.#noise(buffer, newline)
    const end = newline + 1 + header.bytes
    if (buffer.length < end) {
      this.#needed = end
      return null
    }
    const payload = buffer.subarray(newline + 1, end)
    if (header.bytes > 0 && leafOf(payload) !== header.leaf) {
      this.#vain += header.bytes
      return this.#noise(buffer, newline)
    }
    this.#onFrame({ message: header.message as M, payload, leaf: header.bytes > 0 ? header.leaf : '' })
    return buffer.subarray(end)
  }

  #noise(buffer: Buffer, length: number): Buffer | null {
    if (length === 0) return null
    this.#onNoise(buffer.subarray(0, length))
    return buffer.subarray(length)
  }
}

/** Where a mark may begin in the last bytes, so that one cut in two by the stream is still seen. */
function keepFrom(buffer: Buffer): number {
  for (let length = Math.min(MARK.length - 1, buffer.length); length > 0; length--) {
    if (buffer.subarray(buffer.length - length).equals(MARK.subarray(0, length)))
      return buffer.length - length
  }
  return buffer.length
}
