/** Figures for a paper: each mean with its error by a name of its own, a table of all, and nothing left out unsaid. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latexFigures, type ToldPoint, texNumber } from '../../../provenance/exports/latex-figures.ts'

const NAMES = { prefix: 'sir', wide: 'sirunicode' }
const point = (
  infect: number,
  mean: string,
  error: string | null,
  more: Partial<ToldPoint> = {},
): ToldPoint => ({
  point: { infect, nodes: 100 },
  jobs: 20,
  failed: 0,
  means: { removed: { mean, error, count: 20 } },
  ...more,
})

test('should define each figure once, after field and swept factors', () => {
  const { lines, left } = latexFigures(
    [point(0.05, '12.5', '1.2'), point(0.1, '-0.5', null)],
    ['infect'],
    NAMES,
  )
  const text = lines.join('\n')
  for (const line of [
    '% infect=0.05',
    '\\newcommand{\\sirRemovedInfectZeroPointZeroFive}{12.5}',
    '\\newcommand{\\sirRemovedInfectZeroPointZeroFiveError}{1.2}',
    '\\newcommand{\\sirRemovedInfectZeroPointZeroFiveCount}{20}',
    '\\newcommand{\\sirRemovedInfectZeroPointOne}{\\ensuremath{-0.5}}',
    '\\newcommand{\\sirtablehead}{infect & jobs & removed \\\\}',
    '  0.05 & 20 & 12.5 $\\pm$ 1.2 \\\\',
    '  0.1 & 20 & \\ensuremath{-0.5} \\\\',
  ])
    assert.ok(lines.includes(line), `${line}\nin\n${text}`)
  assert.ok(!text.includes('sirRemovedInfectZeroPointOneError'), 'there is no error of a single job')
  assert.deepEqual(left, [])
})

test('should count jobs that did not fail, and leave a dash where there is no mean', () => {
  const failed = point(0.05, '', null, { failed: 20, means: {} })
  const { lines } = latexFigures([point(0.1, '1', '0'), failed], ['infect'], NAMES)
  assert.ok(lines.includes('  0.05 & 0 & -- \\\\'), lines.join('\n'))
})

test('should name the only point of an experiment after its field alone', () => {
  const { lines } = latexFigures([point(0.05, '12.5', '1.2')], [], NAMES)
  assert.ok(lines.includes('\\newcommand{\\sirRemoved}{12.5}'))
})

test('should say what is left out', () => {
  const many = Array.from({ length: 1_001 }, (_, i) => point(i, '1', '1'))
  const wide = Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => [`f${i}`, { mean: '1', error: '1', count: 2 }]),
  )
  const { left, lines } = latexFigures([{ ...many[0]!, means: wide }, ...many.slice(1)], ['infect'], NAMES)
  assert.deepEqual(left, [
    'only the first 1000 of 1001 points have commands',
    'only the first 8 of 10 fields have commands',
  ])
  for (const line of left) assert.ok(lines.includes(`% ${line}`))
})

test('should write numbers as TeX sets them', () => {
  const cases: [number: string, tex: string][] = [
    ['12.50', '12.50'],
    ['-3', '\\ensuremath{-3}'],
    ['1.5e-7', '\\ensuremath{1.5\\times10^{-7}}'],
    ['-2e+21', '\\ensuremath{-2\\times10^{21}}'],
    ['NaN', 'NaN'],
    ['-Infinity', '\\ensuremath{-\\infty}'],
  ]
  for (const [number, tex] of cases) assert.equal(texNumber(number), tex)
})

test('should tell in a comment which value a figure is of', () => {
  const { lines } = latexFigures([{ ...point(1, '1', null), point: { kind: '\u03b1\n' } }], ['kind'], NAMES)
  assert.ok(lines.includes('% kind=U+03B1U+000A'), lines.join('\n'))
})
