/**
 * Puts portable Math in place of the platform's, in the realm of a capsule. It is no module of the capsule but its
 * banner, so that it runs before everything, esbuild's own helpers and the user's dependencies included: whoever keeps
 * `Math.sin` while loading keeps the portable one.
 *
 * Until the first module settles it, `Math.pow` is the operator `**`: esbuild lowers `a ** b` to a helper that takes
 * `Math.pow` at the top of the bundle, and the operator, unlike the function, knows BigInts.
 *
 * Loading a capsule thus changes Math for all that is in the same realm, an engine's process being the usual one. The
 * platform's own functions stay to be found, under the symbol of `NATIVE_MATH`.
 */
import { PORTABLE_MATH, type PortableMath, type PortableName } from '../lib/math/portable.ts'
import { power } from '../lib/math/power.ts'

/** Where the functions that were replaced are kept in globalThis. */
export const NATIVE_MATH = Symbol.for('reprise/native-math')

const realm = globalThis as { [NATIVE_MATH]?: PortableMath }
const names = Object.keys(PORTABLE_MATH) as PortableName[]

// a second capsule in the same realm finds the first one's Math: what is kept is the platform's
if (realm[NATIVE_MATH] === undefined) {
  const native = Object.freeze(Object.fromEntries(names.map((name) => [name, Math[name]])))
  Object.defineProperty(realm, NATIVE_MATH, { value: native })
}
for (const name of names) put(name, PORTABLE_MATH[name])
put('pow', Object.assign(power, { settle: () => put('pow', PORTABLE_MATH.pow) }))

/** Replaces a function, in a property like ECMAScript's. */
function put(name: PortableName, value: unknown): void {
  Object.defineProperty(Math, name, { value, writable: true, enumerable: false, configurable: true })
}
