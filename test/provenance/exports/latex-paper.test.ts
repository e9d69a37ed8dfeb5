/** The file that a paper includes, typeset by LaTeX where it is there: whatever names hold, nothing of them is executed. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ToldPoint } from '../../../provenance/exports/latex-figures.ts'
import { latexPaper, qrText } from '../../../provenance/exports/latex-paper.ts'
import { HOSTILE, sample } from './sample.ts'

const has = (program: string, ...words: string[]) => spawnSync(program, words).status === 0
const TEX = has('pdflatex', '--version') && has('kpsewhich', 'booktabs.sty')
const EMBEDS = TEX && has('kpsewhich', 'embedfile.sty')

const POINTS: readonly ToldPoint[] = [
  {
    point: { [HOSTILE]: HOSTILE },
    jobs: 3,
    failed: 1,
    means: { [HOSTILE]: { mean: '1.5e-7', error: '2e-8', count: 2 } },
  },
  { point: { [HOSTILE]: '^^M\\end{document}%' }, jobs: 3, failed: 3, means: {} },
]

const ASKED = {
  prefix: 'sir',
  folder: '.',
  file: 'reprise-0123456789ab.json',
  location: null,
  swept: [HOSTILE],
}

test('should say where there are no results, and what the QR code says', () => {
  const manifest = sample()
  const { text } = latexPaper(manifest, { ...ASKED, points: null })
  assert.match(text, /% The results were not at hand/)
  assert.doesNotMatch(text, /sirtable/)
  assert.ok(text.includes(`\\newcommand{\\sirrerun}{reprise rerun ${ASKED.file}}`), 'what lies beside it')
  const { root } = manifest.results
  assert.equal(
    qrText(manifest, 'https://doi.org/10.5281/zenodo.1'),
    `https://doi.org/10.5281/zenodo.1#root=${root}`,
  )
  assert.equal(qrText(manifest, 'https://x.org/#a'), `https://x.org/#a reprise root ${root}`)
  assert.equal(qrText(manifest, null), `reprise root ${root}`)
})

test('should be typeset whatever names hold, without executing any', {
  skip: TEX ? false : 'NOT TESTED: pdflatex with booktabs is not installed',
}, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-test-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const manifest = sample({ document: { name: HOSTILE } })
  const { text } = latexPaper(manifest, { ...ASKED, points: POINTS })
  writeFileSync(join(folder, 'reprise.tex'), text)
  writeFileSync(join(folder, ASKED.file), '{}')
  const embed = EMBEDS ? ['\\usepackage{embedfile}', '\\sirembed'] : []
  const [first, ...others] = [...text.matchAll(/^\\newcommand\{\\(sirInput[A-Za-z]+)\}/gm)].map(
    ([, name]) => name!,
  )
  assert.deepEqual(
    others.map((name) => name.slice(first!.length)),
    ['Error', 'Count'],
  )
  writeFileSync(
    join(folder, 'paper.tex'),
    `\\documentclass{article}\n\\input{reprise}\n${embed.join('\n')}\n\\begin{document}\n\\sirstatement\n\n\\sirtable\n\n\\sirtablenote\n\n\\sirqr[2cm] \\${first}\n\\end{document}\n`,
  )
  const words = ['-interaction=nonstopmode', '-halt-on-error', '-no-shell-escape', '-recorder', 'paper.tex']
  const { status, stdout } = spawnSync('pdflatex', words, { cwd: folder, encoding: 'utf8' })
  assert.equal(status, 0, stdout)
  assert.doesNotMatch(readFileSync(join(folder, 'paper.fls'), 'latin1'), /passwd/)
  const pages = spawnSync('pdftotext', ['-layout', join(folder, 'paper.pdf'), '-'], {
    encoding: 'utf8',
  }).stdout
  assert.match(pages, /1\.5 × 10/)
  assert.match(pages, /\\input\{\/etc\/passwd\}/, 'the name is printed as it is')
  if (!EMBEDS) return console.error('SKIPPING the embedded manifest: embedfile.sty is not installed')
  const listed = spawnSync('pdfdetach', ['-list', join(folder, 'paper.pdf')], { encoding: 'utf8' }).stdout
  assert.match(listed, /1: reprise-0123456789ab\.json/)
})
