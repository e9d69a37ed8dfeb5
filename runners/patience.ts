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
  /** Time to load the user's modules. */
  readonly startMs: number
  /** Between two beats of an engine: often enough to tell a job that hangs and an engine that is gone. */
  readonly beatMs: number
  /** Between two looks at all engines. */
  readonly lookMs: number
}

const BEAT_MS = 1_000
const SILENCE_MS = 30_000
const START_MS = 120_000

export function patienceOf({ timeoutMs = null, silenceMs = SILENCE_MS }: PoolOptions): Patience {
  const shortest = Math.min(BEAT_MS, silenceMs / 4, (timeoutMs ?? Number.POSITIVE_INFINITY) / 4)
  const beatMs = Math.max(20, shortest)
  return { timeoutMs, silenceMs, startMs: START_MS, beatMs, lookMs: Math.min(500, beatMs) }
}
