/** What tinybench measured, as the lines of a table: the median time of one operation. */
import type { Bench } from 'tinybench'

export interface Row {
  readonly what: string
  readonly nanoseconds: number
}

/** The medians of a finished bench. */
export function rowsOf(bench: Bench): Row[] {
  return bench.tasks.map((task) => {
    const { result } = task
    if (result.state !== 'completed') throw new Error(`${task.name}: ${result.state}`)
    return { what: task.name, nanoseconds: result.latency.p50 * 1e6 }
  })
}
