/** The sample paper that is checked in: its record is intact, the code is still executed to the same bits, and LaTeX still sets it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { UnpackedPdf } from '../../lab/unpack-pdf.ts'
import { factorsOf } from '../../provenance/exports/factors.ts'
import { latexPaper } from '../../provenance/exports/latex-paper.ts'
import { verifyManifest } from '../../provenance/verify.ts'
import { Project } from '../cli/project.ts'

const FOLDER = fileURLToPath(new URL('../../../examples/paper/', import.meta.url))
const TEX =
  spawnSync('pdflatex', ['--version']).status === 0 && spawnSync('kpsewhich', ['booktabs.sty']).status === 0

/** The only record of the paper. */
function recordOf() {
  const unpacked = new UnpackedPdf()
  try {
    unpacked.fill(join(FOLDER, 'paper.pdf'))
    const [record, ...others] = unpacked.records
    assert.deepEqual([others, unpacked.problems, record?.problems], [[], [], []])
    return verifyManifest(readFileSync(record!.path))
  } finally {
    unpacked.remove()
  }
}

test('should hold an intact record, one of whose chunks comes out the same', async (t) => {
  const { valid, manifest } = recordOf()
  assert.deepEqual(
    [valid, manifest?.experiment.document.name, manifest?.run.code.commit === null],
    [true, 'epidemic', false],
  )
  const project = new Project(t)
  copyFileSync(join(FOLDER, 'paper.pdf'), project.path('paper.pdf'))
  const { verdict } = await project.json(0, 'rerun', 'paper.pdf', '--sample', '1', '--yes')
  assert.equal(verdict, 'identical')
})

test('should be typeset with the names that figures have', {
  skip: TEX ? false : 'NOT TESTED: pdflatex with booktabs is not installed',
}, (t) => {
  const { manifest } = recordOf()
  const project = new Project(t)
  const swept = factorsOf(manifest!.experiment.document.design)
    .filter(({ values }) => values.length > 1)
    .map(({ name }) => name)
  const points = [0.2, 0.8].map((remove) => ({
    point: { infect: 0.1, remove },
    jobs: 20,
    failed: 0,
    means: { removed: { mean: '4321', error: '12', count: 20 } },
  }))
  mkdirSync(project.path('repro'))
  const asked = { prefix: 'reprise', folder: 'repro', file: 'm.json', location: null, points, swept }
  writeFileSync(project.path('repro', 'reprise.tex'), latexPaper(manifest!, asked).text)
  copyFileSync(join(FOLDER, 'paper.tex'), project.path('paper.tex'))
  const words = ['-interaction=nonstopmode', '-halt-on-error', 'paper.tex']
  const { status, stdout } = spawnSync('pdflatex', words, { cwd: project.folder, encoding: 'utf8' })
  assert.equal(status, 0, stdout)
  const { stdout: page } = spawnSync('pdftotext', ['paper.pdf', '-'], {
    cwd: project.folder,
    encoding: 'utf8',
  })
  assert.match(page, /it is\s4321 ± 12 nodes/)
})
