/** The findings of a check in words: what differs and why, what was touched without harm, and what was not checked. */
import pc from 'picocolors'
import type { Cause } from '../lab/causes.ts'
import type { CheckReport } from '../lab/check.ts'
import { divergenceWords, excerpts } from '../lab/divergence-words.ts'
import type { VariationReport } from '../lab/judge-variation.ts'
import { oneLine, several, touchWords } from './words.ts'

/** For each cause the variations that show it, each with its first differing value, and what to do. */
export function findingWords({ causes, variations }: CheckReport): string[] {
  return causes.flatMap((cause) => [
    ...variations
      .filter(({ name }) => cause.variations.includes(name))
      .map((report) => `${pc.bold(report.name)} (${report.how}): ${differenceWords(report)}`),
    ...causeWords(cause),
  ])
}

function differenceWords({ divergent, experiment, why }: VariationReport): string {
  if (experiment !== null) {
    const [expected, actual] = excerpts(experiment.expected, experiment.actual)
    return `${why}, ${experiment.path}: expected ${expected}, got ${actual}`
  }
  const [first] = divergent
  if (first === undefined) return why ?? 'differs'
  const others = divergent.length - 1
  return `${divergenceWords(first)}${others === 0 ? '' : `, and ${several(others, 'chunk')} more`}`
}

function causeWords({ what, remedy }: Cause): string[] {
  return [`  ${pc.yellow('likely cause')}: ${oneLine(what)}`, `  ${pc.yellow('to do')}: ${remedy}`]
}

/** What was touched, and changed no result as far as these chunks show. */
export function touchedWords({ touched, causes }: CheckReport): string[] {
  const blamed = new Set(causes.flatMap((cause) => cause.touched))
  const harmless = touched.filter((touch) => !blamed.has(touch))
  if (harmless.length === 0) return []
  return [
    pc.yellow('touched, and not seen to change a result in these chunks:'),
    ...harmless.map((touch) => `  ${oneLine(touchWords(touch))}`),
  ]
}

/** In one sentence, what was checked and what was not. */
export function closingWords({ variations, baseline }: CheckReport): string {
  const { chunks, total, setAside } = baseline
  const of = (state: VariationReport['state']) => variations.filter((report) => report.state === state)
  const [same, differ, not] = [of('identical'), of('divergent'), of('not executed')]
  const executed = same.length + differ.length
  const checked = chunks.length - setAside.length
  if (checked === 0) return `none of ${several(chunks.length, 'chunk')} could be executed, so nothing is said`
  const what = `${several(checked, 'chunk')} of ${total}`
  const bits =
    differ.length === 0
      ? `${what} gave the same bits under ${several(executed, 'variation')}`
      : `${what} gave other bits under ${differ.length} of ${several(executed, 'variation')}`
  const left = not.length === 0 ? '' : `; not executed: ${not.map(({ name }) => name).join(', ')}`
  const others = checked === total ? '' : 'the other chunks, '
  return `${bits}${left}. This says nothing of ${others}other processors and other systems`
}
