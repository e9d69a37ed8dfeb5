/** Progress of a run: a bar with rate and time left at a terminal, a line now and then in a pipe or in CI. */
import { Presets, SingleBar } from 'cli-progress'
import { chunkJobs } from '../lib/chunk.ts'
import { chunkCount, type ExperimentDocument, jobCount } from '../lib/document.ts'
import type { ChunkDone } from '../runners/runner.ts'
import { count, duration } from './words.ts'

export interface Progress {
  chunks(done: readonly ChunkDone[]): void
  /** Shows words beside it until others come. */
  note(words: string): void
  /** Takes the bar off the screen, for words that follow. */
  stop(): void
}

export interface Amount {
  readonly chunks: number
  readonly chunksDone: number
}

const LINE_MS = 10_000
const FORMAT = '{bar} {percentage} %  {value}/{total} chunks  {rate} jobs/s  left {left}  {note}'

/** Progress told by the chunks themselves. */
export function showProgress(
  document: ExperimentDocument,
  amount: Amount,
  say: (line: string) => void,
): Progress {
  let done = amount.chunksDone
  let jobs = 0
  const meter = startMeter(amount, say)
  return {
    chunks(chunks) {
      done += chunks.length
      for (const { chunk } of chunks) jobs += chunkJobs(document, chunk)
      meter.show(done, jobs)
    },
    note: meter.note,
    stop: meter.stop,
  }
}

/** Progress told by how many chunks there are; jobs are reckoned from that. */
export function showAmounts(
  document: ExperimentDocument,
  amount: Amount,
  say: (line: string) => void,
): { at(chunksDone: number): void; stop(): void } {
  const perChunk = jobCount(document) / chunkCount(document)
  const meter = startMeter(amount, say)
  return { at: (done) => meter.show(done, (done - amount.chunksDone) * perChunk), stop: meter.stop }
}

/** A bar, or lines. `jobs` counts those done since the start. */
function startMeter(
  amount: Amount,
  say: (line: string) => void,
): { show(done: number, jobs: number): void; note(words: string): void; stop(): void } {
  const start = performance.now()
  let note = ''
  const figures = (done: number, jobs: number) => {
    const seconds = (performance.now() - start) / 1000
    const fresh = done - amount.chunksDone
    const left = fresh === 0 ? Number.NaN : ((amount.chunks - done) * seconds) / fresh
    return { rate: seconds === 0 ? '0' : count(jobs / seconds), left: duration(left), note }
  }
  if (process.stderr.isTTY === true && !process.env.CI) {
    const bar = new SingleBar(
      { format: FORMAT, stream: process.stderr, hideCursor: true, fps: 5 },
      Presets.shades_classic,
    )
    bar.start(amount.chunks, amount.chunksDone, figures(amount.chunksDone, 0))
    return {
      show: (done, jobs) => bar.update(done, figures(done, jobs)),
      note(words) {
        note = words
        bar.update({ note })
      },
      stop: () => bar.stop(),
    }
  }
  let told = start
  return {
    show(done, jobs) {
      if (performance.now() - told < LINE_MS) return
      told = performance.now()
      const { rate, left } = figures(done, jobs)
      const beside = note === '' ? '' : `; ${note}`
      say(`${count(done)} of ${count(amount.chunks)} chunks, ${rate} jobs/s, left ${left}${beside}`)
    },
    note(words) {
      if (words !== note) say(words)
      note = words
    },
    stop() {},
  }
}
