/**
 * How many chunks an engine gets next. About a second of work, so that a slow wire costs little; one chunk when
 * chunks are long, and one ahead of it where the engine is far away; less and less towards the end, so that engines
 * finish together. Changes no bit of any result.
 */

const AIM_MS = 1_000
/** Chunks at least this long are not queued behind one another: they could wait while another engine idles. */
const LONG_MS = 250
const MOST = 10_000
/** Waiting for the next chunk is worth a thought where it takes more than this share of a chunk's time. */
const WORTH = 0.005
/** What an unknown chunk is taken for. */
const UNKNOWN_MS = 1_000

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
  /** What a message to the engine and back takes, ms. */
  readonly latencyMs?: number
}

/** Number of chunks to send now, perhaps 0. */
export function batchSize({ chunkMs, outstanding, waiting, engines, batch, latencyMs = 0 }: Load): number {
  if (waiting === 0) return 0
  if (batch !== undefined) return outstanding === 0 ? Math.min(batch, waiting) : 0
  if (chunkMs === null || chunkMs >= LONG_MS) {
    const wanted = 1 + ahead(chunkMs ?? UNKNOWN_MS, latencyMs)
    if (outstanding === 0) return Math.min(wanted, 1 + Math.max(0, waiting - engines), waiting)
    return waiting > engines ? Math.max(0, Math.min(wanted - outstanding, waiting - engines)) : 0
  }
  const aimMs = AIM_MS + 2 * latencyMs
  const aim = Math.min(MOST, Math.max(2, Math.round(aimMs / Math.max(chunkMs, 0.001))))
  if (outstanding > aim / 2) return 0
  const fair = Math.max(1, Math.ceil(waiting / (2 * engines)))
  return Math.min(aim - outstanding, fair, waiting)
}

/** Long chunks that an engine should have beyond the one that it is at, so that it does not wait for the next. */
function ahead(chunkMs: number, latencyMs: number): number {
  return latencyMs > WORTH * chunkMs ? Math.ceil(latencyMs / chunkMs) : 0
}
