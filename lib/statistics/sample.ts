/**
 * What the jobs of one point gave, as samples: for each field of the result (its path, indices included) the values by
 * job. Where chunks are summarised, each chunk's summary is one value.
 */
import type { ChunkRecord } from '../chunk.ts'
import { decode, type Value } from '../values.ts'

/** A bigint stays one: as numbers, neighbours of large ones are equal. */
export type Measured = number | bigint | boolean | string

/** Values of one field, in ascending order of where they were measured. */
export interface Column {
  readonly at: number[]
  readonly values: Measured[]
}

/** Fields beyond these are not looked at: each is a test of its own, and pays for by all others. */
export const MOST_FIELDS = 200

/** What one run gave at one point. */
export class Sample {
  readonly columns = new Map<string, Column>()
  /** Jobs, and the places of those that failed. */
  jobs = 0
  readonly failed: number[] = []
  /** Where each value of a field was measured once: successful jobs, or chunks. */
  readonly measured: number[] = []
  /** Fields that were passed over, since there are more than MOST_FIELDS. */
  readonly passedOver = new Set<string>()
  summarised = false

  /** Adds a chunk of the point: `first` is its first repetition, `block` its place among the point's chunks. */
  add(record: ChunkRecord, first: number, block: number, jobs: number): void {
    this.jobs += jobs
    if ('summary' in record) {
      this.summarised = true
      for (const { job } of record.failed) this.failed.push(first + job)
      this.measured.push(block)
      this.#spread(decode(record.summary), 'summary', block)
      return
    }
    for (const [j, job] of record.jobs.entries()) {
      if ('error' in job) {
        this.failed.push(first + j)
        continue
      }
      this.measured.push(first + j)
      this.#spread(decode(job.result), 'result', first + j)
    }
  }

  #spread(value: Value, path: string, at: number): void {
    if (value === null) return // nothing was measured
    if (typeof value !== 'object') this.#put(path, at, value)
    else if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      const items = value as ArrayLike<Value>
      for (let i = 0; i < items.length; i++) {
        if (i >= MOST_FIELDS) {
          this.#passOver(`${path}[]`)
          break
        }
        this.#spread(items[i]!, `${path}[${i}]`, at)
      }
    } else {
      for (const [key, item] of Object.entries(value)) this.#spread(item, `${path}.${key}`, at)
    }
  }

  #put(path: string, at: number, value: Measured): void {
    let column = this.columns.get(path)
    if (column === undefined) {
      if (this.columns.size >= MOST_FIELDS) {
        this.#passOver(path)
        return
      }
      column = { at: [], values: [] }
      this.columns.set(path, column)
    }
    column.at.push(at)
    column.values.push(value)
  }

  #passOver(path: string): void {
    if (this.passedOver.size < MOST_FIELDS) this.passedOver.add(path)
  }
}
