/** A folder for a paper: the paper finds it by the path that was given, or is told that it cannot. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { findLab } from '../../lab/lab.ts'
import { writeLatexFolder } from '../../lab/latex-folder.ts'
import { exampleRecord } from './records.ts'
import { temporaryFolder } from './run.ts'

test('should name the folder as it was given, where TeX can read that', (t) => {
  const folder = temporaryFolder(t)
  const before = process.cwd()
  process.chdir(folder)
  t.after(() => process.chdir(before))
  mkdirSync('sub/deep', { recursive: true })
  const found = exampleRecord(findLab(folder), 'factorial')
  const write = (target: string) => {
    const { missing } = writeLatexFolder(found, target, { prefix: 'sir', location: null })
    const [, told] = /providecommand\{\\sirfolder\}\{(.*)\}/.exec(
      readFileSync(join(target, 'reprise.tex'), 'utf8'),
    )!
    return { told, isNoted: missing.some((what) => what.includes('\\newcommand{\\sirfolder}')) }
  }
  assert.deepEqual(write('sub/deep/repro/'), { told: 'sub/deep/repro', isNoted: false })
  assert.deepEqual(write('my paper'), { told: '.', isNoted: true })
  assert.deepEqual(write(join(folder, 'whole')), { told: '.', isNoted: true })
})
