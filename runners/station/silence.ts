/**
 * Notices that nothing has been heard for too long. A stretch in which this process itself was stopped, or too busy to
 * look, does not count: what came meanwhile may still lie unread.
 */

const LOOKS = 9

export interface Silence {
  heard(): void
  stop(): void
}

export function watchSilence(silenceMs: number, fell: () => void): Silence {
  const lookMs = silenceMs / LOOKS
  let heardAt = performance.now()
  let lookedAt = heardAt
  const timer = setInterval(() => {
    const now = performance.now()
    if (now - lookedAt > 2 * lookMs) heardAt = now
    lookedAt = now
    if (now - heardAt <= silenceMs) return
    clearInterval(timer)
    fell()
  }, lookMs)
  return {
    heard() {
      heardAt = performance.now()
    },
    stop: () => clearInterval(timer),
  }
}
