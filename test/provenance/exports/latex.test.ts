/** The reproducibility statement: its commands, its sentences, and that names in it stay names. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isPrefix, latexStatement } from '../../../provenance/exports/latex.ts'
import type { Manifest } from '../../../provenance/manifest.ts'
import { HOSTILE, sample } from './sample.ts'

/** The file's commands by name, as TeX would have them: expanded, and without marks for line breaks. */
function commandsOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/^\\newcommand\{\\([A-Za-z]+)\}\{(%\n[\s\S]*?\n\}$|.*\}$)/gm)]
  const raw = Object.fromEntries(
    found.map(([, name, body]) => [
      name!,
      body!.replace(/^%\n|\n?\}$/g, '').replaceAll('\\allowbreak{}', ''),
    ]),
  )
  return Object.fromEntries(
    Object.entries(raw).map(([name, body]) => [
      name,
      body
        .replace(/\\([A-Za-z]+)\{\}/g, (whole, used) => raw[used] ?? whole)
        .replace(/\n */g, ' ')
        .trim(),
    ]),
  )
}

const told = (manifest: Manifest, prefix = 'reprise') => commandsOf(latexStatement(manifest, prefix))

test('should define every figure, and a paragraph of them', () => {
  const commit = 'c0ffee'.padEnd(40, '0')
  const manifest = sample({
    run: {
      code: { commit, branch: 'main', dirty: false, changes: [] },
      counts: { chunks: 6, jobs: 1_234_567, failedJobs: 12_000, retried: 0 },
    },
  })
  const commands = told(manifest, 'sir')
  assert.equal(commands.sirroot, manifest.results.root)
  assert.equal(commands.sirexperiment, manifest.experiment.hash)
  assert.equal(commands.sircommit, commit)
  assert.equal(commands.sirjobs, '1\\,234\\,567')
  assert.equal(commands.sirfailed, '12\\,000')
  assert.equal(commands.sirwitnesses, '0')
  assert.equal(commands.sirrerun, 'reprise rerun manifest.json')
  const words = commands.sirstatement!
  for (const figure of [
    manifest.results.root,
    manifest.experiment.hash,
    commit,
    '1\\,234\\,567~jobs',
    '12\\,000~of them failed',
    'reprise rerun manifest.json',
  ])
    assert.ok(words.includes(figure), figure)
  assert.match(words, /repeatability when the authors do so, and of reproducibility when others do/)
  assert.doesNotMatch(words, /replica/)
})

test('should say what was not so', () => {
  const clean = told(sample({ run: { code: { commit: null, reason: 'not in a git repository' } } }))
    .reprisestatement!
  assert.match(clean, /not under version control/)
  assert.match(clean, /none failed/)
  assert.match(clean, /No witness has signed/)
  assert.doesNotMatch(clean, /registered|earlier|signed with/)
  const dirty = told(
    sample({ run: { code: { commit: 'a'.repeat(40), branch: null, dirty: true, changes: [' M x'] } } }),
  )
  assert.match(dirty.reprisestatement!, /with changes that had not been committed/)
})

test('should tell how the executed code stands to its commit, not the work tree', () => {
  const code = {
    commit: 'a'.repeat(40),
    branch: null,
    dirty: true,
    changes: [' M notes.md'],
    patch: null,
    untracked: [],
  }
  const words = (changes: object, run = {}) =>
    told(sample({ run: { code: { ...code, ...changes }, ...run } })).reprisestatement!
  assert.match(words({}), /Its code is that of commit \\texttt\{a{40}\}\./)
  assert.match(words({ dirty: false }, { audited: true }), /which has every file of its own/)
  for (const changes of [
    { patch: { sha256: '0'.repeat(64), bytes: 1 } },
    { patchOmitted: { reason: 'too large', bytes: 1 } },
    { untracked: [{ path: 'x.ts', sha256: '0'.repeat(64) }] },
  ])
    assert.match(words(changes), /changes that had not been committed/)
})

test('should tell of registration, earlier runs, the key and witnesses', () => {
  const run = {
    registered: { seq: 1, time: '2026-01-02T03:04:05.678Z', capsule: sample().capsule.sha256 },
    earlier: { runs: 2, sealed: 1, aborted: 1, unfinished: 0, reruns: 0 },
  }
  const proof = { key: `jane+0a1b2c3d+${'A'.repeat(44)}`, witnesses: ['a', 'b'] }
  const words = told(sample({ run, proof })).reprisestatement!
  assert.match(words, /was registered on 2026-01-02, before this run began/)
  assert.match(words, /2~earlier runs of the experiment/)
  assert.match(words, /signed with the key \\texttt\{jane\+0a1b2c3d\}/)
  assert.match(words, /Signed statements of 2~witnesses/)
  const other = { ...run.registered, capsule: '0'.repeat(64) }
  assert.match(
    told(sample({ run: { ...run, registered: other } })).reprisestatement!,
    /registered, with other code, on/,
  )
})

test('should take only letters as a prefix', () => {
  assert.deepEqual(['reprise', 'A', 'a1', '', 'a}', 'ä', 'x'.repeat(41)].map(isPrefix), [
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ])
})

test('should give the same text each time', () => {
  assert.equal(latexStatement(sample(), 'reprise'), latexStatement(sample(), 'reprise'))
})

const TEX = spawnSync('pdflatex', ['--version']).status === 0

test('should typeset names that would be commands', {
  skip: TEX ? false : 'NOT TESTED: pdflatex is not installed',
}, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-tex-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const manifest = sample({ document: { name: HOSTILE }, run: { file: HOSTILE, reprise: HOSTILE } })
  writeFileSync(join(folder, 'r.tex'), latexStatement(manifest, 'reprise'))
  const paper =
    '\\documentclass{article}\\input{r.tex}\\begin{document}\\reprisestatement\\reprisefile\\end{document}'
  writeFileSync(join(folder, 'paper.tex'), paper)
  const made = spawnSync(
    'pdflatex',
    ['-halt-on-error', '-interaction=nonstopmode', '-recorder', 'paper.tex'],
    { cwd: folder, encoding: 'utf8' },
  )
  assert.equal(made.status, 0, made.stdout)
  assert.doesNotMatch(made.stdout, /runsystem/)
  assert.doesNotMatch(readFileSync(join(folder, 'paper.fls'), 'utf8'), /passwd/, 'TeX read no such file')
})
