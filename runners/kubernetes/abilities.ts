/** What a server can do, by its version: what came to all of them without a switch, and when. */

export interface Abilities {
  /** As it says, such as v1.31.4+k3s1. */
  readonly version: string
  /** Indices fail on their own, each after tries of its own; since 1.29. */
  readonly perIndex: boolean
  /** What a pod ended of decides whether it counts; since 1.26. */
  readonly failurePolicy: boolean
}

/** The oldest that has Indexed Jobs without a switch. */
const LEAST = 24

/** Of the answer of /version; null where it is none. */
export function abilitiesOf(answer: unknown): (Abilities & { readonly tooOld: boolean }) | null {
  const { gitVersion } = (answer ?? {}) as { gitVersion?: unknown }
  if (typeof gitVersion !== 'string' || gitVersion.length > 200) return null
  const found = /^v?(\d{1,4})\.(\d{1,4})/.exec(gitVersion)
  if (found === null) return null
  const minor = Number(found[1]) > 1 ? Number.POSITIVE_INFINITY : Number(found[2])
  return { version: gitVersion, perIndex: minor >= 29, failurePolicy: minor >= 26, tooOld: minor < LEAST }
}
