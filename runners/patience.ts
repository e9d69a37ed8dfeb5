/** How long the pool waits for what, and how often it looks. */

export interface PoolOptions {
  readonly engines: number
  /** Longest time a single job may take, ms; null for no limit. */
  readonly timeoutMs?: number | null
  /** An engine not heard of for this long is lost, ms. */
  readonly silenceMs?: number
  /** Chunks in a batch; worked out from how long they take when not given. */
  readonly batch?: number
}

export interface Patience {
  readonly timeoutMs: number | null
  readonly silenceMs: number
  /** The same for an engine of another host: longer than it takes to find that the host cannot be reached, for which no chunk is to blame. */
  readonly farSilenceMs: number
  /** Time to load the user's modules. */
  readonly startMs: number
  /** Between two beats of an engine: often enough to tell a job that hangs and an engine that is gone. */
  readonly beatMs: number
  /** Between two looks at all engines. */
  readonly lookMs: number
}

const BEAT_MS = 1_000
const SILENCE_MS = 30_000
const FAR_SILENCE_MS = 75_000
const START_MS = 120_000

export function patienceOf({ timeoutMs = null, silenceMs: asked }: PoolOptions): Patience {
  const silenceMs = asked ?? SILENCE_MS
  const shortest = Math.min(BEAT_MS, silenceMs / 4, (timeoutMs ?? Number.POSITIVE_INFINITY) / 4)
  const beatMs = Math.max(20, shortest)
  const farSilenceMs = asked ?? FAR_SILENCE_MS
  return { timeoutMs, silenceMs, farSilenceMs, startMs: START_MS, beatMs, lookMs: Math.min(500, beatMs) }
}
