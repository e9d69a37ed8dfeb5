/**
 * A ledger that is older, changed, another or missing is refused before anything else is done, and nothing is added to
 * it; verify finds the same.
 */
import assert from 'node:assert/strict'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { configFolder, ownKey } from '../../lab/key.ts'
import type { Lab } from '../../lab/lab.ts'
import { demandLedger, readLedger, viewAt } from '../../lab/ledger.ts'
import { isRefusal, refused } from '../lib/refusal.ts'
import { signerOf } from '../lib/signer.ts'
import { chained, checkpointOf, opened } from '../provenance/forger.ts'
import { add, assertWhole, change, freshLab, verified } from './ledgers.ts'
import { temporaryFolder, temporaryLab } from './run.ts'

const UNLOCK = ['entries', 'checkpoints']
  .flatMap((table) => ['UPDATE', 'DELETE', 'INSERT'].map((verb) => `DROP TRIGGER ${table}_${verb};`))
  .join('')

/** The lab’s ledger as it was, kept aside. */
function copy(t: TestContext, lab: Lab): string {
  const aside = join(temporaryFolder(t), 'ledger.sqlite')
  cpSync(lab.ledger, aside)
  return aside
}

function putBack(lab: Lab, aside: string): void {
  for (const end of ['-wal', '-shm']) rmSync(`${lab.ledger}${end}`, { force: true })
  cpSync(aside, lab.ledger)
}

/** Nothing can be added, read or planned; and verify says why. */
function assertRefused(lab: Lab, says: RegExp, untouched = true): void {
  const before = existsSync(lab.ledger) ? readFileSync(lab.ledger) : null
  for (const action of [() => add(lab, 'x'), () => readLedger(lab), () => demandLedger(lab)])
    assert.throws(action, isRefusal('not-intact', { subject: 'ledger', says }))
  if (before !== null && untouched)
    assert.deepEqual(readFileSync(lab.ledger), before, 'and nothing was written')
}

test('should refuse an older copy of itself, remembered by the lab or by the user alone', (t) => {
  const lab = freshLab(t)
  add(lab, 'one')
  const aside = copy(t, lab)
  const checkpoint = readFileSync(lab.checkpoint)
  add(lab, 'two')
  putBack(lab, aside)
  assertRefused(lab, /older copy: 2 entries, where there were 3/)
  assert.match(verified(lab).problems[0]!.what, /older copy: it has 2 entries, and a checkpoint over 3/)
  const newer = readFileSync(lab.checkpoint)
  writeFileSync(lab.checkpoint, checkpoint)
  assertRefused(lab, /older copy/)
  writeFileSync(lab.checkpoint, newer)
  process.env.XDG_CONFIG_HOME = temporaryFolder(t) // another user, who never saw it
  assertRefused(lab, /older copy/)
  assert.equal(verified(lab).valid, false)
})

test('should not be begun anew where it is gone and its checkpoint is there', (t) => {
  const lab = freshLab(t)
  add(lab, 'one')
  rmSync(lab.ledger)
  assertRefused(lab, /older copy: 0 entries, where there were 2/)
  assert.equal(existsSync(lab.ledger), false)
  writeFileSync(lab.ledger, '')
  assertRefused(lab, /older copy/, false)
  new DatabaseSync(lab.ledger).close()
  assertRefused(lab, /older copy/, false)
})

test('should refuse the ledger of another lab in its place', (t) => {
  const [lab, other] = [freshLab(t), temporaryLab(t)]
  add(lab, 'one')
  for (const text of ['one', 'two', 'three']) add(other, text)
  putBack(lab, copy(t, other))
  assertRefused(lab, /another ledger/)
  assert.equal(verified(lab).valid, false)
})

test('should refuse entries that were changed, removed or added by hand, and say so', (t) => {
  const damage: readonly [says: RegExp, action: (database: DatabaseSyncInstance) => void][] = [
    [/not those under its checkpoint/, (d) => d.exec("UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), 'two', 'TWO') AS BLOB) WHERE seq = 2")],
    [/not those under its checkpoint/, (d) => d.exec('DELETE FROM entries WHERE seq = 2')],
    [/not those under its checkpoint/, (d) => d.exec('DELETE FROM entries WHERE seq = 1; UPDATE entries SET seq = 1 WHERE seq = 2')],
    [/not those under its checkpoint/, (d) => d.exec('INSERT INTO entries SELECT 3, bytes FROM entries WHERE seq = 2')],
    [/older copy/, (d) => d.exec('DELETE FROM entries WHERE seq = 2; DELETE FROM checkpoints WHERE size = 3')],
    [/no checkpoint/, (d) => d.exec('DELETE FROM checkpoints')],
    [/older copy/, (d) => d.exec('DELETE FROM entries')],
    [/./, (d) => d.exec("UPDATE entries SET bytes = x'ff' WHERE seq = 0")],
    [/./, (d) => d.exec("UPDATE checkpoints SET note = 'x'")],
    [/./, (d) => d.exec("UPDATE checkpoints SET note = replace(note, 'reprise/ledger/', 'reprise/lodger/')")],
    [/older copy|no checkpoint/, (d) => d.exec('DROP TABLE checkpoints')],
  ] // biome-ignore format: a table
  for (const [says, action] of damage) {
    const lab = freshLab(t)
    add(lab, 'one')
    add(lab, 'two')
    change(lab, (database) => {
      database.exec(UNLOCK)
      action(database)
    })
    for (const use of [() => readLedger(lab), () => add(lab, 'x')])
      assert.throws(use, isRefusal('not-intact', { subject: 'ledger', says }), String(action))
    const { ledger } = lab
    try {
      assert.equal(verified(lab).valid, false, String(action))
    } catch (error) {
      isRefusal('not-intact', { subject: ledger })(error)
    }
  }
})

test('should not believe an older checkpoint that was changed, and name it', (t) => {
  const lab = freshLab(t)
  for (const text of ['a', 'b', 'c']) add(lab, text)
  const head = (size: number) => viewAt(lab, readLedger(lab)!, size).checkpoint
  const [second, last] = [head(2), head(4)]
  const damages: [string, RegExp][] = [
    [second.replace(/\n2\n/, '\n3\n'), /not over the entries that stood then/],
    [last, /not over the entries that stood then/],
    [second.replace(/.(?==*\n$)/, (letter) => (letter === 'A' ? 'Q' : 'A')), /not signed|base64|signature/],
    ['x', /./],
  ]
  for (const [note, says] of damages) {
    change(lab, (database) => {
      database.exec('DROP TRIGGER IF EXISTS checkpoints_UPDATE')
      database.prepare('UPDATE checkpoints SET note = ? WHERE size = 2').run(note)
    })
    const { problems } = verified(lab)
    assert.deepEqual(problems.map(({ where }) => where), ['checkpoint over 2']) // biome-ignore format: short
    assert.match(problems[0]!.what, says)
    assert.throws(() => head(2), isRefusal('not-intact', { subject: 'ledger', says: /./ }))
  }
})

test('should not read a view in the place of a table, which may never end', (t) => {
  for (const table of ['checkpoints', 'entries']) {
    const lab = freshLab(t)
    add(lab, 'a')
    change(lab, (database) =>
      database.exec(`ALTER TABLE ${table} RENAME TO old;
        CREATE VIEW ${table} AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT i AS size, i AS seq, 'x' AS note, x'00' AS bytes FROM n`),
    )
    assert.throws(() => verified(lab), isRefusal('not-intact', { subject: lab.ledger, says: /no tables/ }))
    assert.throws(() => readLedger(lab), isRefusal('not-intact', { subject: 'ledger', says: /./ }))
  }
})

test('should refuse a file that is no database', (t) => {
  const lab = freshLab(t)
  add(lab, 'one')
  writeFileSync(lab.ledger, 'x'.repeat(5_000))
  assertRefused(lab, /not a database/)
})

test('should not sign entries that were put in without the key', (t) => {
  const lab = freshLab(t)
  add(lab, 'one')
  const view = readLedger(lab)!
  const stranger = signerOf(ownKey().key.name)
  const said = view.entries.map(({ kind, body, time }) => ({ kind, body, time }))
  const longer = chained([...said, { kind: 'note', body: { text: 'forged' }, time: said.at(-1)!.time }])
  assert.deepEqual(Buffer.from(longer[1]!), Buffer.from(view.bytes[1]!), 'it is a continuation')
  change(lab, (database) => {
    database.prepare('INSERT INTO entries VALUES (2, ?)').run(longer[2]!)
    const forged = checkpointOf(longer, stranger, view.head.origin)
    database.prepare('INSERT INTO checkpoints VALUES (3, ?)').run(forged)
  })
  assertRefused(lab, /not signed by the key that its entries name/)
  assert.equal(verified(lab).valid, false)
})

test('should not take the whole ledger of somebody else for its own', (t) => {
  const lab = freshLab(t)
  add(lab, 'one')
  const { origin } = readLedger(lab)!.head
  const forger = signerOf('forger.example/key')
  const forged = chained([
    opened(forger, origin),
    ...['one', 'two'].map((text) => ({ kind: 'note' as const, body: { text } })),
  ])
  change(lab, (database) => {
    database.exec(`${UNLOCK} DELETE FROM entries; DELETE FROM checkpoints`)
    for (const [seq, bytes] of forged.entries())
      database.prepare('INSERT INTO entries VALUES (?, ?)').run(seq, bytes)
    database.prepare('INSERT INTO checkpoints VALUES (3, ?)').run(checkpointOf(forged, forger, origin))
  })
  assertRefused(lab, /first 2 entries are not those that were there before/)
  assert.equal(verified(lab).valid, false)
})

test('should refuse a remembered checkpoint that is damaged, by the name of its file', (t) => {
  const lab = freshLab(t)
  add(lab, 'one')
  const folder = join(configFolder(), 'ledgers')
  for (const path of [lab.checkpoint, join(folder, readdirSync(folder)[0]!)]) {
    const good = readFileSync(path)
    for (const bad of ['', 'x', good.subarray(0, 40)]) {
      writeFileSync(path, bad)
      refused(() => add(lab, 'x'), 'not-intact', { subject: path })
      assert.equal(verified(lab).valid, false)
    }
    writeFileSync(path, good)
  }
  assertWhole(lab)
})
