/** Finding the lab, and a run in it by what a user types. */
import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { findLab, findRun, listRuns, makeLab, matchRun, newRunId, runFolder } from '../../lab/lab.ts'
import { refused } from '../lib/refusal.ts'
import { temporaryFolder, temporaryLab } from './run.ts'

test('should find the lab in the nearest folder upwards that has a marker', (t) => {
  const top = temporaryFolder(t)
  const deep = join(top, 'a', 'b', 'c')
  mkdirSync(deep, { recursive: true })
  for (const [folder, marker] of [
    [top, '.git'],
    [join(top, 'a'), 'package.json'],
    [join(top, 'a', 'b'), '.reprise'],
  ] as const) {
    mkdirSync(join(folder, marker))
    assert.equal(findLab(deep, undefined).path, join(folder, '.reprise'))
  }
  assert.equal(findLab(top, undefined).path, join(top, '.reprise'))
})

test('should take REPRISE_LAB before anything else, relative to where one stands', (t) => {
  const top = temporaryFolder(t)
  mkdirSync(join(top, '.reprise'))
  assert.equal(findLab(top, join(top, 'x')).path, join(top, 'x'))
  assert.equal(findLab(top, 'y/z').path, join(top, 'y', 'z'))
  assert.equal(findLab(top, '').path, join(top, '.reprise'), 'an empty one is none')
})

test('should find the real project of a folder that is a link', (t) => {
  const top = temporaryFolder(t)
  mkdirSync(join(top, 'project', 'deep'), { recursive: true })
  writeFileSync(join(top, 'project', 'package.json'), '{}')
  symlinkSync(join(top, 'project', 'deep'), join(top, 'link'))
  assert.equal(findLab(join(top, 'link'), undefined).path, join(top, 'project', '.reprise'))
})

test('should name runs so that they sort by time', () => {
  const times = [0, 1, 999, 1000, 59_999, 86_400_000, 31_536_000_000].map(
    (ms) => new Date(1_700_000_000_000 + ms),
  )
  const ids = times.map((time) => newRunId(time))
  assert.deepEqual([...ids].sort(), ids)
  for (const id of ids) assert.match(id, /^\d{8}T\d{9}-[0-9a-f]{6}$/)
  const same = new Set(Array.from({ length: 50 }, () => newRunId(times[0]!)))
  assert.equal(same.size, 50, 'two of one millisecond differ')
})

test('should find a run by its id, a unique beginning, or @last', (t) => {
  const lab = temporaryLab(t)
  assert.equal(matchRun(lab, '@last'), null)
  refused(() => findRun(lab, '@last'), 'not-found', { subject: '@last' })
  const ids = ['20261123T055100000-aaaaaa', '20261123T055100000-ab0000', '20261124T000000000-000000']
  for (const id of ids) mkdirSync(runFolder(lab, id).path)
  for (const other of ['.20261125T000000000-000000.new', 'notes', '20261125', '20261125T000000000-00000g'])
    mkdirSync(join(lab.runs, other))
  assert.deepEqual(
    listRuns(lab).map(({ id }) => id),
    ids,
  )
  assert.equal(findRun(lab, '@last').id, ids[2])
  assert.equal(findRun(lab, '20261124').id, ids[2])
  assert.equal(findRun(lab, ids[1]!).id, ids[1])
  assert.equal(findRun(lab, '20261123T055100000-aa').id, ids[0])
  refused(() => findRun(lab, '20261123'), 'usage', {
    subject: '20261123',
    says: /^2 runs begin so: .*aaaaaa.*ab0000/,
  })
  refused(() => findRun(lab, '2026'), 'usage', { says: '3 runs begin so' })
})

test('should find no run by hostile words', (t) => {
  const lab = temporaryLab(t)
  mkdirSync(runFolder(lab, '20261123T055100000-aaaaaa').path)
  mkdirSync(join(lab.path, 'x'))
  for (const text of [
    '',
    '.',
    '..',
    '../x',
    '/',
    '/etc/passwd',
    '.*',
    '*',
    '%',
    '2026%',
    '\0',
    '@first',
    '[0-9]',
    '20261123T055100000-aaaaaa/',
    ' ',
  ]) {
    assert.equal(matchRun(lab, text), null, JSON.stringify(text))
    refused(() => findRun(lab, text), 'not-found')
  }
})

test('should make the folders of a lab, and leave them when they are there', (t) => {
  const lab = findLab('/', join(temporaryFolder(t), 'deep', 'lab'))
  assert.deepEqual(listRuns(lab), [])
  makeLab(lab)
  mkdirSync(runFolder(lab, '20261123T055100000-aaaaaa').path)
  makeLab(lab)
  assert.equal(listRuns(lab).length, 1)
})

test('should say what to do when the lab cannot be made', (t) => {
  const top = temporaryFolder(t)
  writeFileSync(join(top, 'file'), '')
  refused(() => makeLab(findLab('/', join(top, 'file', 'lab'))), 'storage')
})
