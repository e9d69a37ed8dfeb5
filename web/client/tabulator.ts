/** What is asked of the worker that reads chunks (tabulate.ts), and what it tells. */
import type { PageRecord } from './record.ts'
import { startWorker } from './workers.ts'

export type Asked =
  | {
      readonly kind: 'table'
      readonly manifest: Uint8Array
      readonly chunks: Uint8Array
      /** The bytes that the shown table was made of. */
      readonly model: Uint8Array
    }
  | { readonly kind: 'values'; readonly field: string; readonly point: number }

export type Told =
  | { readonly kind: 'table'; readonly isSame: boolean; readonly chunks: number }
  | {
      readonly kind: 'values'
      readonly field: string
      readonly point: number
      readonly values: Float64Array<ArrayBuffer>
    }
  | { readonly kind: 'problem'; readonly words: string }

export interface Tabulator {
  /** Whether the table computed from the chunks is the shown one, and from how many chunks. Rejects where they are not readable. */
  readonly table: Promise<{ readonly isSame: boolean; readonly chunks: number }>
  /** Values of a field at a point, by repetition. */
  values(field: string, point: number): Promise<readonly number[]>
}

/** Starts it on the chunks of a page. */
export function startTabulator(record: PageRecord, chunks: Uint8Array, model: Uint8Array): Tabulator {
  const worker = startWorker('tabulate')
  let last: Promise<unknown> = Promise.resolve()
  /** One question at a time, so that answers need no numbers. */
  const ask = <K extends Told['kind']>(asked: Asked & { readonly kind: K }) => {
    const answer = last.then(
      () =>
        new Promise<Extract<Told, { kind: K }>>((resolve, reject) => {
          worker.onmessage = ({ data }: MessageEvent<Told>) => {
            if (data.kind === 'problem') reject(new Error(data.words))
            else resolve(data as Extract<Told, { kind: K }>)
          }
          worker.onerror = ({ message }) => reject(new Error(message))
          worker.postMessage(asked)
        }),
    )
    last = answer.catch(() => {})
    return answer
  }
  return {
    table: ask({ kind: 'table', manifest: record.manifest, chunks, model }),
    values: async (field, point) => Array.from((await ask({ kind: 'values', field, point })).values),
  }
}
