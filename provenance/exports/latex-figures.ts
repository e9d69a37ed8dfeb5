/**
 * What came out, for a paper: each mean and its standard error as a command of its own, and all of them as a table (booktabs). What
 * is not written, for it would be too much, is told.
 */
import type { Json } from '../../lib/values.ts'
import { plainValue } from './factors.ts'
import { texText } from './tex.ts'
import { figureNames } from './tex-names.ts'

/** A mean over the jobs of a point that did not fail, as texts with as many digits as its standard error leaves. */
export interface ToldMean {
  readonly mean: string
  /** Null where there is none: of a single job. */
  readonly error: string | null
  readonly count: number
}

export interface ToldPoint {
  readonly point: Readonly<Record<string, Json>>
  readonly jobs: number
  readonly failed: number
  readonly means: Readonly<Record<string, ToldMean>>
}

/** Points and fields of which there are commands. */
const [MOST_POINTS, MOST_FIELDS] = [1_000, 8]

export interface Figures {
  readonly lines: readonly string[]
  /** What was left out, for the user. */
  readonly left: readonly string[]
}

/** Commands of all figures. `swept`: the factors with more than one value, which tell points apart. */
export function latexFigures(
  points: readonly ToldPoint[],
  swept: readonly string[],
  { prefix, wide }: { readonly prefix: string; readonly wide: string },
): Figures {
  const text = (words: string) => texText(words, wide)
  const told = points.slice(0, MOST_POINTS)
  const all = [...new Set(told.flatMap(({ means }) => Object.keys(means)))]
  const fields = all.slice(0, MOST_FIELDS)
  const left = [
    ...(points.length > told.length
      ? [`only the first ${MOST_POINTS} of ${points.length} points have commands`]
      : []),
    ...(all.length > fields.length
      ? [`only the first ${MOST_FIELDS} of ${all.length} fields have commands`]
      : []),
  ]
  const whereOf = (point: ToldPoint['point']) => swept.map((name) => [name, point[name]!] as const)
  const figures = told.flatMap(({ point, means }) =>
    fields.filter((field) => means[field] !== undefined).map((field) => ({ field, where: whereOf(point) })),
  )
  const names = figureNames(figures).values()
  const commands = told.flatMap(({ point, means }) => {
    const said = whereOf(point).map(([name, value]) => `${name}=${valueText(value)}`)
    return [
      ...(fields.length === 0 ? [] : [`% ${comment(said.length === 0 ? 'the only point' : said.join(' '))}`]),
      ...fields.flatMap((field) => {
        const moments = means[field]
        if (moments === undefined) return []
        const name = `${prefix}${names.next().value}`
        return [
          `\\newcommand{\\${name}}{${texNumber(moments.mean)}}`,
          ...(moments.error === null ? [] : [`\\newcommand{\\${name}Error}{${texNumber(moments.error)}}`]),
          `\\newcommand{\\${name}Count}{${moments.count}}`,
        ]
      }),
    ]
  })
  const rows = told.map(({ point, jobs, failed, means }) => {
    const cells = [
      ...swept.map((name) => factorCell(point[name]!, text)),
      String(jobs - failed),
      ...fields.map((field) => meanCell(means[field])),
    ]
    return `  ${cells.join(' & ')} \\\\`
  })
  const heads = [...swept.map(text), 'jobs', ...fields.map(text)]
  const columns = [
    ...swept.map((name) => (told.every(({ point }) => typeof point[name] === 'number') ? 'r' : 'l')),
    'r',
    ...fields.map(() => 'r'),
  ]
  return {
    lines: [
      '% Figures: the mean over the jobs that did not fail, its standard error (…Error), and over how many (…Count).',
      ...left.map((line) => `% ${line}`),
      ...commands,
      `\\newcommand{\\${prefix}tablehead}{${heads.join(' & ')} \\\\}`,
      `\\newcommand{\\${prefix}tablerows}{%`,
      ...rows,
      '}',
      `\\newcommand{\\${prefix}table}{\\begin{tabular}{@{}${columns.join('')}@{}}\\toprule`,
      `  \\${prefix}tablehead\\midrule`,
      `  \\${prefix}tablerows\\bottomrule\\end{tabular}}`,
      `\\newcommand{\\${prefix}tablenote}{Means $\\pm$ standard errors over the jobs that did not fail.}`,
    ],
    left,
  }
}

function valueText(value: Json): string {
  return String(plainValue(value))
}

function factorCell(value: Json, text: (words: string) => string): string {
  return typeof value === 'number' ? texNumber(String(value)) : text(valueText(value).slice(0, 200))
}

function meanCell(told: ToldMean | undefined): string {
  if (told === undefined) return '--'
  return told.error === null
    ? texNumber(told.mean)
    : `${texNumber(told.mean)} $\\pm$ ${texNumber(told.error)}`
}

/** A number as JavaScript writes it: `-1.5e-7` as `\ensuremath{-1.5\times10^{-7}}`. */
export function texNumber(text: string): string {
  const [, sign = '', digits, exponent] = /^(-?)([\d.]+)(?:e([+-]\d+))?$/.exec(text) ?? []
  if (digits === undefined) return text.replace(/^(-?)Infinity$/, '\\ensuremath{$1\\infty}')
  if (exponent !== undefined) return `\\ensuremath{${sign}${digits}\\times10^{${Number(exponent)}}}`
  return sign === '' ? digits : `\\ensuremath{${sign}${digits}}`
}

/** Foreign words in a comment: they do not end it, and what is not ASCII is told by its code point. */
function comment(words: string): string {
  const told = (char: string) => `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
  return words.slice(0, 300).replace(/[^ -~]/gu, told)
}
