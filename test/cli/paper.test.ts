/**
 * A record in a paper, on the command line: attached to what LaTeX made, checked and rerun where there is nothing but the PDF. Where
 * LaTeX is not installed, the paper is one made by hand, and that is said.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { attach } from '../../cli/commands/attach.ts'
import { attachToPdf } from '../../lab/attach-pdf.ts'
import { findLab } from '../../lab/lab.ts'
import { pdfOf } from '../lab/pdf/pdfs.ts'
import { signedPdf } from '../lab/pdf/signed-pdf.ts'
import { exampleRecord } from '../lab/records.ts'
import { type Answer, mean, Project } from './project.ts'

const has = (program: string, ...words: string[]) => spawnSync(program, words).status === 0
const TEX = has('pdflatex', '--version') && has('kpsewhich', 'booktabs.sty')

const PAPER = String.raw`\documentclass{article}
\input{repro/reprise}
\begin{document}
\reprisestatement

\reprisetable

\repriseqr[4cm]
\end{document}
`

/** A paper about the run, by LaTeX. */
function typeset(project: Project): void {
  project.write('paper.tex', PAPER)
  const words = ['-interaction=nonstopmode', '-halt-on-error', 'paper.tex']
  const { status, stdout } = spawnSync('pdflatex', words, { cwd: project.folder, encoding: 'utf8' })
  assert.equal(status, 0, stdout)
}

/** What the QR code on the page says. */
function checkCode(project: Project, root: string): void {
  if (!has('zbarimg', '--version')) {
    console.error('SKIPPING the QR code: zbarimg (zbar-tools) is not installed')
    return
  }
  execFileSync('pdftoppm', ['-r', '150', '-png', 'paper.pdf', 'page'], { cwd: project.folder })
  const page = readdirSync(project.folder).find((name) => name.startsWith('page'))!
  const { stdout } = spawnSync('zbarimg', ['-q', page], { cwd: project.folder, encoding: 'utf8' })
  assert.equal(stdout.trim(), `QR-Code:reprise root ${root}`)
}

const leftovers = (project: Project) => readdirSync(project.path('tmp'))

test('should attach a run to a paper that a stranger checks and reruns elsewhere', async (t) => {
  const { project, run } = await Project.ran(t, { 'x.ts': mean() })
  const { written } = await project.json(0, 'export', run.run, '--latex', 'repro')
  const manifest = `reprise-${run.root.slice(0, 12)}.json`
  assert.deepEqual(
    written.map(({ files }: Answer) => files.map(({ path }: Answer) => path)),
    [['reprise.tex', manifest]],
  )
  assert.deepEqual(readFileSync(project.path('repro', manifest)), readFileSync(run.manifest))
  if (TEX) typeset(project)
  else {
    console.error('SKIPPING the typesetting: pdflatex with booktabs is not installed')
    project.write('paper.pdf', pdfOf())
  }
  if (TEX) checkCode(project, run.root)
  const paper = project.path('paper.pdf')
  const [attached, other] = [
    await project.json(0, 'attach', 'paper.pdf', '--run', run.run, '-o', 'published.pdf'),
    await project.json(0, 'attach', 'paper.pdf', '--run', run.run),
  ]
  assert.deepEqual(
    [attached.changed, attached.records[0].state, attached.records[0].root, other.sha256],
    [true, 'added', run.root, attached.sha256],
  )
  assert.deepEqual(readFileSync(project.path('published.pdf')), readFileSync(paper))
  execFileSync('qpdf', ['--check', paper])
  assert.match(
    execFileSync('pdfdetach', ['-list', paper], { encoding: 'utf8' }),
    new RegExp(`1: ${manifest}`),
  )
  const { entries } = await project.json(0, 'ledger', run.run)
  const exports = entries.filter(({ kind }: Answer) => kind === 'exported')
  assert.deepEqual(exports.at(-1).body.files, [{ name: 'pdf/paper.pdf', sha256: attached.sha256 }])

  const stranger = new Project(t)
  copyFileSync(paper, stranger.path('paper.pdf'))
  const verified = await stranger.json(0, 'verify', 'paper.pdf')
  assert.deepEqual([verified.valid, verified.root, verified.problems], [true, run.root, []])
  const refused = await stranger.json(1, 'rerun', 'paper.pdf', '--sample', '5')
  assert.match(refused.error.message, /from elsewhere/)
  const rerun = await stranger.json(0, 'rerun', 'paper.pdf', '--sample', '5', '--yes')
  assert.deepEqual([rerun.verdict, rerun.chunksCompared, rerun.divergent], ['identical', 5, []])
  const shown = await stranger.json(0, 'show', 'paper.pdf')
  assert.equal(shown.experiment.hash, run.experiment)
  assert.deepEqual([leftovers(project), leftovers(stranger)], [[], []])
})

test('should tell several records apart, and ask which is meant', async (t) => {
  const project = new Project(t)
  const lab = findLab(project.folder)
  const path = project.write('paper.pdf', pdfOf())
  const records = ['factorial', 'python'].map((name) => exampleRecord(lab, name))
  project.write('paper.pdf', attachToPdf(path, records).bytes)
  const roots = records.map(({ manifest }) => manifest.results.root)
  const { valid, records: verified } = await project.json(0, 'verify', 'paper.pdf')
  assert.deepEqual([valid, verified.map(({ root }: Answer) => root).sort()], [true, [...roots].sort()])
  const shown = await project.json(0, 'show', 'paper.pdf')
  assert.deepEqual(
    shown.records.map(({ results }: Answer) => results.root),
    verified.map(({ root }: Answer) => root),
  )
  const asked = await project.json(2, 'rerun', 'paper.pdf', '--yes')
  for (const root of roots) assert.ok(asked.error.remedy.includes(root.slice(0, 12)), asked.error.remedy)
  const second = verified[1].root
  assert.equal((await project.json(0, 'verify', 'paper.pdf', '--record', second.slice(0, 8))).root, second)
  const text = readFileSync(project.path('paper.pdf'), 'latin1')
  const forged = text.replace(`<reprise:root>${second}`, `<reprise:root>${'0'.repeat(64)}`)
  project.write('forged.pdf', Buffer.from(forged, 'latin1'))
  const found = await project.json(4, 'verify', 'forged.pdf')
  assert.deepEqual(
    found.records.map(({ valid }: Answer) => valid),
    [true, false],
  )
  assert.equal(found.records[1].problems[0].where, 'XMP metadata')
  const forgedOne = records.find(({ manifest }) => manifest.results.root === second)!
  project.write('second.json', forgedOne.record.bytes)
  const told = await project.reprise('verify', 'forged.pdf')
  assert.match(told.stderr, /reprise attach forged\.pdf --run RUN writes it anew/)
  const mended = await project.reprise('attach', 'forged.pdf', '--run', 'second.json')
  assert.match(mended.stderr, /metadata said something else of them, and is put right/)
  await project.json(0, 'verify', 'forged.pdf')
  assert.deepEqual(leftovers(project), [])
})

test('should refuse what must not be changed, and leave it as it is', async (t) => {
  const project = new Project(t)
  const record = exampleRecord(findLab(project.folder), 'factorial').record.bytes
  project.write('manifest.json', record)
  const signed = signedPdf()
  project.write('signed.pdf', signed)
  if (has('pdfsig', '-v')) {
    const told = spawnSync('pdfsig', ['-nocert', 'signed.pdf'], {
      cwd: project.folder,
      encoding: 'utf8',
    }).stdout
    assert.match(told, /Signature is Valid/, 'it is a signature as others see it')
  }
  const { error } = await project.json(1, 'attach', 'signed.pdf', '--run', 'manifest.json')
  assert.equal(error.code, 'refused')
  assert.deepEqual(readFileSync(project.path('signed.pdf')), signed)
  project.write('damaged.pdf', pdfOf().subarray(0, 200))
  const damaged = await project.json(4, 'verify', 'damaged.pdf')
  assert.match(damaged.problems[0].what, /no sound PDF/)
  const plain = project.write('plain.pdf', pdfOf())
  const run = [project.path('manifest.json')]
  await assert.rejects(attach(plain, [], {}), { code: 'usage', message: /nothing to attach/ })
  await assert.rejects(attach(plain, ['statement.txt'], { run }), { code: 'usage', message: /no statements/ })
  await assert.rejects(attach(plain, run, {}), { code: 'usage', message: /is a PDF/ })
  await assert.rejects(attach(plain, [], { run, output: project.path('signed.pdf') }), {
    code: 'refused',
    message: /there already/,
  })
  assert.deepEqual(
    readdirSync(project.folder).filter((name) => name.startsWith('.')),
    [],
  )
})
