/** What lessens a verdict about a run, whatever the verdict is: told with every one (law 5). */
import type { RunRecord, Touched } from './manifest.ts'

export const NATIVE_MATH =
  "its jobs met the platform's own Math (math: 'native'): other versions of Node and other processors give other bits"

/** In sentences. A record of version 0.1 says nothing of Math or guards: its jobs met the platform's own, unguarded. */
export function warningsOf({ math = 'native', guard = 'off', touched = [] }: RunRecord): string[] {
  const warnings = math === 'native' ? [NATIVE_MATH] : []
  if (touched.length > 0) {
    const denied = guard === 'deny' ? ', which failed the jobs that did' : ''
    warnings.push(`its code touched what may not be the same elsewhere${denied}: ${kindsOf(touched)}`)
  }
  return warnings
}

/** `clock (Date.now at sweep.ts:12:7), files (fs.readFileSync at data.ts:3:9 and 2 more)`. */
function kindsOf(touched: readonly Touched[]): string {
  const kinds = [...new Set(touched.map(({ kind }) => kind))].sort()
  const words = kinds.map((kind) => {
    const [first, ...more] = touched.filter((one) => one.kind === kind)
    const rest = more.length === 0 ? '' : ` and ${more.length} more`
    return `${kind} (${first!.name} at ${first!.place}${rest})`
  })
  return words.join(', ')
}
