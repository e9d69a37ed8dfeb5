/**
 * The lab’s ledger where it is written: only ever added to, by several processes at once too, by the clock or in
 * spite of it.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { configFolder } from '../../lab/key.ts'
import { readLedger } from '../../lab/ledger.ts'
import { findLedger } from '../../lab/ledger-file.ts'
import { ledgerText } from '../../provenance/ledger-text.ts'
import { add, assertWhole, change, freshLab, notes } from './ledgers.ts'

const APPEND = fileURLToPath(new URL('append.js', import.meta.url))

test('should open with an entry that names origin and key, and be signed over all of it', (t) => {
  const lab = freshLab(t)
  assert.equal(readLedger(lab), null)
  const { entry } = add(lab, 'one')
  assert.deepEqual([entry.seq, entry.kind], [1, 'note'])
  const view = readLedger(lab)!
  assert.deepEqual(
    view.entries.map(({ kind }) => kind),
    ['ledger-opened', 'note'],
  )
  assert.match(String(view.entries[0]!.body.origin), /^reprise\/ledger\/[0-9a-f]{32}$/)
  assertWhole(lab)
  assert.equal(readFileSync(lab.checkpoint, 'utf8'), view.checkpoint)
})

test('should be append-only, also for those who have the file open', (t) => {
  const lab = freshLab(t)
  add(lab, 'one')
  for (const sql of [
    "UPDATE entries SET bytes = x'00' WHERE seq = 0",
    'DELETE FROM entries WHERE seq = 1',
    "UPDATE checkpoints SET note = ''",
    'DELETE FROM checkpoints',
    "INSERT OR REPLACE INTO entries VALUES (1, x'00')",
    "REPLACE INTO checkpoints VALUES (2, '')",
  ])
    change(lab, (database) => assert.throws(() => database.exec(sql), /append-only|UNIQUE/, sql))
  assertWhole(lab)
})

test('should lose nothing and stay one chain while several processes add to it, and be whole at any moment', async (t) => {
  const lab = freshLab(t)
  const many = 12
  const children = ['a', 'b', 'c'].map((name) =>
    spawn(process.execPath, [APPEND, lab.path, name, String(many)], { stdio: ['ignore', 'ignore', 'pipe'] }),
  )
  let errors = ''
  for (const { stderr } of children) stderr.on('data', (bytes) => { errors += String(bytes) }) // biome-ignore format: short
  const ended = Promise.all(children.map((child) => new Promise((resolve) => child.on('close', resolve))))
  let over = false
  void ended.then(() => { over = true }) // biome-ignore format: short
  for (let last = 0; !over; ) {
    const { length } = notes(lab)
    assert.ok(length >= last)
    last = length
    if (existsSync(lab.ledger) && last > 0) assertWhole(lab, 'while it grows')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  assert.deepEqual(await ended, [0, 0, 0], errors)
  for (const name of ['a', 'b', 'c']) {
    const mine = notes(lab).filter((text) => String(text).startsWith(name))
    assert.deepEqual(
      mine,
      Array.from({ length: many }, (_, i) => `${name} ${i}`),
      'each in its order',
    )
  }
  assertWhole(lab)
})

test('should catch up with what was not remembered', (t) => {
  const lab = freshLab(t)
  add(lab, 'one')
  const folder = join(configFolder(), 'ledgers')
  const path = join(folder, readdirSync(folder)[0]!)
  const [mine, here] = [readFileSync(path), readFileSync(lab.checkpoint)]
  add(lab, 'two')
  writeFileSync(path, mine)
  writeFileSync(lab.checkpoint, here)
  add(lab, 'three')
  assert.deepEqual(notes(lab), ['one', 'two', 'three'])
  assert.deepEqual(readFileSync(path), readFileSync(lab.checkpoint))
  assertWhole(lab)
})

test('should not go back in time with a clock that does', (t) => {
  const lab = freshLab(t)
  const [late, early] = [new Date('2030-01-02T03:04:05.678Z'), new Date('2020-01-01T00:00:00Z')]
  for (const time of [late, early, new Date(late.getTime() + 1), early]) add(lab, 'x', time)
  const times = readLedger(lab)!
    .entries.slice(1)
    .map(({ time }) => time)
  assert.deepEqual(times, [
    '2030-01-02T03:04:05.678Z',
    '2030-01-02T03:04:05.678Z',
    '2030-01-02T03:04:05.679Z',
    '2030-01-02T03:04:05.679Z',
  ])
  assertWhole(lab)
})

test('should be the text that is verified, byte for byte', (t) => {
  const lab = freshLab(t)
  add(lab, 'größe \u2028 "\\"')
  const { bytes, checkpoint } = readLedger(lab)!
  assert.equal(
    Buffer.from(findLedger(lab.ledger)!.bytes).toString(),
    ledgerText({ entries: bytes, checkpoint }),
  )
})
