/**
 * Where bits differ without any variation: by the hour or by chance. A value that is not steady tells nothing about a
 * variation, so it is left out when one is judged, and the values beside it still count.
 */
import type { ExperimentDocument } from '../lib/document.ts'
import { chunkDifferences, type Divergence } from '../provenance/explain.ts'

/** Paths that are remembered; a chunk in which more differ is left out whole. */
const MOST = 10_000

export class Unsteady {
  readonly #document: ExperimentDocument
  readonly #paths = new Set<string>()
  #everything = false
  /** The experiment's own document is another now and then. */
  experiment = false

  constructor(document: ExperimentDocument) {
    this.#document = document
  }

  /** Takes what differs between two executions under the same surroundings as unsteady, in every job. */
  add(chunk: number, expected: Uint8Array, actual: Uint8Array): void {
    for (const { path } of chunkDifferences(this.#document, chunk, expected, actual)) {
      if (path !== null) this.#paths.add(path)
      if (this.#paths.size <= MOST) continue
      this.#everything = true
      return
    }
  }

  /** The first difference at a steady place; null where there is none. */
  firstSteady(chunk: number, expected: Uint8Array, actual: Uint8Array): Divergence | null {
    if (this.#everything) return null
    for (const found of chunkDifferences(this.#document, chunk, expected, actual)) {
      if (!this.#covers(found.path ?? '')) return found
    }
    return null
  }

  /** True for an unsteady place and all below it: what is an error now and then is unsteady as a whole. */
  #covers(path: string): boolean {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['), 0))) {
      if (this.#paths.has(at)) return true
    }
    return false
  }
}
