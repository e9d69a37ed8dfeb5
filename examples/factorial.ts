/**
 * The smallest parallel program: a function, mapped over a list.
 *
 *   npx reprise run examples/factorial.ts
 *
 * Each item is a job of its own, done by whichever engine is free; the results stand in the order of the items, as
 * with `Array.prototype.map`. Bigints are values like any other: 40! has 48 digits and all of them arrive.
 */
import { map } from 'reprise'

/** The factorial of `n`, exactly. */
export function factorial(n: number): bigint {
  let f = 1n
  for (let i = 2n; i <= n; i++) f *= i
  return f
}

export default map(factorial, [2, 6, 10, 20, 30, 40])
