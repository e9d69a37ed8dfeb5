/** What a cluster tells of its hosts while it works, for people to read. */
import type { RepriseError } from '../../lib/errors.ts'

export type HostEvent =
  /** Its engines can be launched: for the first time, or again after it was lost. */
  | {
      readonly kind: 'joined' | 'back'
      readonly host: string
      readonly engines: number
      readonly latencyMs: number
    }
  /** It has the capsule and the inputs. */
  | {
      readonly kind: 'supplied'
      readonly host: string
      /** Bytes that were sent for that: a few hundred, the question and the answer, where all was there. */
      readonly sent: number
      /** The host that uses the same folder and was supplied before, where there is one. */
      readonly sharedWith: string | null
    }
  /** The way to it broke. It is tried again and again. */
  | { readonly kind: 'lost'; readonly host: string; readonly why: string }
  /** It could not be had to begin with. It is tried again and again. */
  | { readonly kind: 'absent'; readonly host: string; readonly why: string }
  /** It is not tried again. */
  | { readonly kind: 'refused'; readonly host: string; readonly error: RepriseError }
  /** No host is there; these may come. */
  | {
      readonly kind: 'waiting'
      readonly hosts: readonly string[]
      /** For how long others may come as well, ms; null where none can. */
      readonly newcomersMs: number | null
    }
  /** The list of hosts is another; there is at least one newcomer or one that is dismissed. */
  | {
      readonly kind: 'listed'
      readonly hosts: number
      readonly came: readonly string[]
      readonly went: readonly string[]
    }
  /** The list could not be had; the last one stays. */
  | { readonly kind: 'unlisted'; readonly why: string }
