/**
 * How many chunks an engine gets next. About a second of work, so that a slow wire costs little; one chunk when
 * chunks are long; less and less towards the end, so that engines finish together. Changes no bit of any result.
 */

const AIM_MS = 1_000
/** Chunks at least this long are not queued behind one another: they could wait while another engine idles. */
const LONG_MS = 250
const MOST = 10_000

export interface Load {
  /** Milliseconds a chunk takes on this engine; null when not yet known. */
  readonly chunkMs: number | null
  /** Chunks that the engine already has. */
  readonly outstanding: number
  /** Chunks that wait, and engines that could take them. */
  readonly waiting: number
  readonly engines: number
  /** The size that was asked for; none where it is to be worked out. */
  readonly batch?: number | undefined
}

/** Number of chunks to send now, perhaps 0. */
export function batchSize({ chunkMs, outstanding, waiting, engines, batch }: Load): number {
  if (waiting === 0) return 0
  if (batch !== undefined) return outstanding === 0 ? Math.min(batch, waiting) : 0
  if (chunkMs === null || chunkMs >= LONG_MS) return outstanding === 0 ? 1 : 0
  const aim = Math.min(MOST, Math.max(2, Math.round(AIM_MS / Math.max(chunkMs, 0.001))))
  if (outstanding > aim / 2) return 0
  const fair = Math.max(1, Math.ceil(waiting / (2 * engines)))
  return Math.min(aim - outstanding, fair, waiting)
}
