/**
 * Random streams: seedrandom's generators, seeded with exactly one form, the 64 hex digits of a 32-byte seed.
 * (seedrandom seeds itself silently when given nothing, and ARC4 takes 'ab' and 'abab' for the same key.)
 *
 * The default is xor4096 (Brent's xorgens, period 2^4096 - 1): of those that pass PractRand and have no known flaw it
 * was the fastest to seed and to draw when measured (bench/RESULTS.md). tychei is faster still and allowed, but not the
 * default: it comes from Tyche-i of Neves and Araujo (2011), and a line of seedrandom's step differs from theirs
 * (FORMAT.md §5.6), so that 2^16 states share each successor. Expect such a stream to repeat after some 2^56 words,
 * and any two streams of an experiment to run into one another with odds of 2^-33 when it draws 2^40 words in all.
 * `random()` gives 53 bits with every generator: it is the generator's own `double`, since the fast ones give only 32
 * bits from a plain call.
 */
import alea from 'seedrandom/lib/alea.js'
import tychei from 'seedrandom/lib/tychei.js'
import xor4096 from 'seedrandom/lib/xor4096.js'
import arc4 from 'seedrandom/seedrandom.js'
import { toHex } from './digest.ts'
import { RepriseError } from './errors.ts'

/** A stream of random numbers. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  (): number
  /** The same as calling it. */
  double(): number
  /** Uniform in [0, 1), 32 bits: faster, coarser. */
  quick(): number
  /** Uniform integer in [-2^31, 2^31). */
  int32(): number
}

/** The generators that an experiment can name. */
export type Generator = 'xor4096' | 'tychei' | 'alea' | 'arc4'

const GENERATORS: Readonly<Record<Generator, (seed: string) => Random>> = {
  xor4096,
  tychei,
  alea,
  arc4: (seed) => arc4(seed), // its further arguments would change what it is
}
export const DEFAULT_GENERATOR: Generator = 'xor4096'

const REFUSED: Readonly<Record<string, string>> = {
  xorshift7: 'collapses long string seeds and fails PractRand within 64 MB',
  xor128: 'fails PractRand within 64 MB',
  xorwow: 'fails PractRand within 64 MB',
}

/** Refuses what is not a sound generator, with the reason. */
export function checkGenerator(name: unknown): asserts name is Generator {
  if (typeof name === 'string' && Object.hasOwn(GENERATORS, name)) return
  const reason = typeof name === 'string' && Object.hasOwn(REFUSED, name) ? REFUSED[name] : 'is not known'
  throw new RepriseError('invalid-experiment', `the generator ${JSON.stringify(name)} ${reason}`, {
    subject: 'random',
    remedy: `Use one of ${Object.keys(GENERATORS).join(', ')}`,
  })
}

/** The generator `name` seeded with `seed` (32 bytes). */
export function randomStream(name: Generator, seed: Uint8Array): Random {
  const prng = GENERATORS[name](toHex(seed))
  const random = prng.double as Random
  random.double = random
  random.quick = prng.quick
  random.int32 = prng.int32
  return random
}
