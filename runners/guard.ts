/**
 * The guards' judgement: user code in a chunk called something whose answer is not the same in every execution. Under
 * `record` each place is told once; under `deny` the call throws, naming the replacement; under `off` nothing is done.
 * Only calls out of this capsule count: what the host or Node do by themselves is nobody's result.
 */
import type { GuardPolicy } from '../lib/experiment.ts'
import { type GuardKind, KINDS } from './guard-kinds.ts'
import type { Touch } from './protocol.ts'
import { callerIn, placeOf } from './stack.ts'

/** A guarded function: what it is called, of which kind it is, and what is known of its callers. */
export interface Spot {
  readonly kind: GuardKind
  readonly name: string
  readonly places: Set<string>
  looks: number
}

/** Places told of one function, and calls looked at before it is left alone: a stack costs microseconds. */
const MOST_PLACES = 3
const MOST_LOOKS = 100

/** The capsule itself, as stacks name it. */
const CAPSULE = placeOf(new Error('here'))?.file ?? ''

let policy: GuardPolicy = 'record'
/** Chunks that are being executed; while the capsule is loaded its code counts as executed. */
let executing = 0
let loading = true
let telling = false
/** Told before anybody listened: while the capsule was loaded. */
let untold: Touch[] = []
let tell: (touch: Touch) => void = (touch) => untold.push(touch)

export class Denied extends Error {
  override readonly name = 'Denied'
}

/** A new function to be watched. */
export function spotOf(kind: GuardKind, name: string): Spot {
  return { kind, name, places: new Set(), looks: 0 }
}

/** Called by a guard before its function; `guard` is the function that stack traces leave out. Throws under `deny`. */
export function touch(spot: Spot, guard: (...words: never[]) => unknown): void {
  if (policy === 'off' || telling || (executing === 0 && !loading)) return
  const denied = policy === 'deny' && !loading
  if (!denied && (spot.looks >= MOST_LOOKS || spot.places.size >= MOST_PLACES)) return
  spot.looks++
  const caller = callerIn(CAPSULE, guard)
  if (caller === null) return
  if (!spot.places.has(caller.place) && spot.places.size < MOST_PLACES) {
    spot.places.add(caller.place)
    telling = true // what telling takes is not told
    tell({ kind: spot.kind, name: spot.name, ...caller })
    telling = false
  }
  if (denied) throw new Denied(refusal(spot))
}

/** Part of a failed job's record: it must be the same text in every execution. */
function refusal({ kind, name }: Spot): string {
  const { why, instead } = KINDS[kind]
  return `${name} is denied here (guard: 'deny'): ${why}. ${instead}`
}

/** The capsule is loaded, and says how its jobs are to be guarded. What was touched so far is told under any policy but `off`. */
export function setPolicy(chosen: GuardPolicy): void {
  policy = chosen
  loading = false
}

/** Watches user code while `action` executes a chunk; `listener` is told what it touches. */
export async function guarded<T>(listener: (touch: Touch) => void, action: () => Promise<T>): Promise<T> {
  tell = listener
  executing++
  try {
    for (const touch of policy === 'off' ? [] : untold) listener(touch)
    untold = []
    return await action()
  } finally {
    executing--
  }
}
