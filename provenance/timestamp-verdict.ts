/** What a timestamp (RFC 3161) says, and who can judge it: not every platform can. */

export interface Timestamp {
  /** The time that was stamped (RFC 3339, UTC), and the rest of what the token says; null where it cannot be read. */
  readonly time: string | null
  /** The policy, an object identifier. */
  readonly policy: string | null
  /** The authority: the subject of its certificate. */
  readonly tsa: string | null
  /** Serial number of the token, hexadecimal. */
  readonly serial: string | null
  /** True where nothing is wrong and a chain leads to a trusted certificate. */
  readonly trusted: boolean
  readonly problems: readonly string[]
}

/** The one problem that is not the token's: it is good, and whoever made it is not believed here. */
export const UNTRUSTED = 'no chain of certificates leads to one that is trusted'

/** What a token (DER) says of a SHA-256 digest. `trusted` are certificates in PEM; with none, the chain is not judged. */
export type TimestampJudge = (token: Uint8Array, digest: Uint8Array, trusted: readonly string[]) => Timestamp
