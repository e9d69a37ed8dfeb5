/** Where the suites make their capsules: a folder of their own, small experiment files, one capsule for each text. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../../lab/installed.ts'
import { merkleRoot } from '../../lib/merkle.ts'
import {
  buildCapsule,
  type CapsuleAttachments,
  NO_ATTACHMENTS,
  stopBuilding,
} from '../../provenance/capsule.ts'
import type { Loaded } from '../../runners/loaded.ts'
import { leafOf } from '../../runners/protocol.ts'
import type { Assignment } from '../../runners/runner.ts'

/** A capsule on disk, and what it holds. */
export interface Made {
  readonly capsule: string
  readonly hash: string
  readonly chunks: number
}

export class Workshop {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'reprise-test-')))
  readonly #made = new Map<string, Promise<Made>>()
  readonly #many: boolean
  #names = 0

  /** With `many` capsules: dozens of guards around one another would take seconds for a copy of the environment. */
  constructor(many = false) {
    this.#many = many
  }

  /** A path in the workshop that nothing else has. */
  path(name: string): string {
    const folder = join(this.folder, String(++this.#names))
    mkdirSync(folder)
    return join(folder, name)
  }

  file(name: string, contents: string | Uint8Array): string {
    const path = this.path(name)
    writeFileSync(path, contents)
    return path
  }

  /** The capsule of an experiment's text. */
  make(source: string, attachments: CapsuleAttachments = NO_ATTACHMENTS): Promise<Made> {
    const key = JSON.stringify([source, attachments])
    const made = this.#made.get(key) ?? this.#build(source, attachments)
    this.#made.set(key, made)
    return made
  }

  async #build(source: string, attachments: CapsuleAttachments): Promise<Made> {
    const { bytes, digest } = await buildCapsule(this.file('experiment.ts', source), ROOT, attachments)
    const capsule = this.file(`${digest}.mjs`, bytes)
    const { document, description } = await (this.#many ? loadAside(capsule) : load(capsule))
    const { design, repetitions, chunk } = document
    const points = 'points' in design ? design.points.length : 1
    const sizes = 'product' in design ? design.product.map((factor) => factor.values.length) : []
    const chunks = sizes.reduce((n, size) => n * size, points) * Math.ceil(repetitions / chunk)
    return { capsule, hash: description.hash, chunks }
  }

  async close(): Promise<void> {
    await stopBuilding()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

async function load(capsule: string): Promise<Loaded> {
  return ((await import(pathToFileURL(capsule).href)) as { loaded: Loaded }).loaded
}

/** The same, and this process's environment is without the guard that the capsule puts around it. */
async function loadAside(capsule: string): Promise<Loaded> {
  const env = Object.getOwnPropertyDescriptor(process, 'env')!
  try {
    return await load(capsule)
  } finally {
    Object.defineProperty(process, 'env', env)
  }
}

/** All of an experiment's chunks, or some of them. */
export function assign(
  made: Made,
  chunks: readonly number[] = Array.from({ length: made.chunks }, (_, i) => i),
  inputs: Readonly<Record<string, string>> = {},
): Assignment {
  return { capsule: made.capsule, hash: made.hash, chunks, count: chunks.length, inputs }
}

/** What the chunks must be: executed here by nothing but the loaded capsule, last chunk first. */
export async function expectedLeaves(made: Made): Promise<string[]> {
  const loaded = await load(made.capsule)
  const leaves = new Array<string>(made.chunks)
  for (let chunk = made.chunks - 1; chunk >= 0; chunk--) {
    const { bytes } = await loaded.execute(chunk, {
      inputBytes: () => new Uint8Array(),
      log: () => {},
      at: () => {},
      touched: () => {},
      programWork: null,
    })
    leaves[chunk] = leafOf(bytes)
  }
  return leaves
}

export function rootOf(leaves: readonly string[]): string {
  return Buffer.from(merkleRoot(leaves.map((leaf) => Buffer.from(leaf, 'hex')))).toString('hex')
}

export function digestOf(contents: string | Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex')
}
