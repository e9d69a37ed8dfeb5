/**
 * Ledgers that were tampered with: no byte of one can change, no entry go, come, move or be put in another's place,
 * without being told, and where. Whoever has no key cannot write one that is trusted.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { utf8 } from '../../lib/digest.ts'
import { type Signer, signNote, verifierKeyText } from '../../lib/note.ts'
import { ledgerText, parseLedgerText } from '../../provenance/ledger-text.ts'
import { rotationNote } from '../../provenance/rotation.ts'
import { NO_TRUST } from '../../provenance/trust.ts'
import { type LedgerVerification, verifyLedger } from '../../provenance/verify-ledger.ts'
import { signerOf } from '../lib/signer.ts'
import { chained, checkpointOf, FORGER, ledgerFile, opened, type Said, timeOf } from './forger.ts'
import { realLedger } from './real-ledger.ts'

const real = realLedger()
after(real.remove)

const me = signerOf('me.example/key')
const next = signerOf('me.example/next')
const mine = { keys: real.keys, demanded: true }
const note = (text: string): Said => ({ kind: 'note', body: { text, about: null } })
const trusting = (...signers: readonly Signer[]) => ({ keys: signers.map(({ key }) => key), demanded: true })

function told({ problems }: LedgerVerification): string {
  return problems.map(({ where, what }) => `${where}: ${what}`).join('\n')
}

/** Demands that the ledger is refused, with a problem at this place. */
function refuse(
  bytes: Uint8Array,
  where: string,
  what: RegExp,
  trust = NO_TRUST,
  known: string[] = [],
): void {
  const found = verifyLedger(bytes, trust, known)
  assert.equal(found.valid, false)
  const there = found.problems.some((problem) => problem.where === where && what.test(problem.what))
  assert.ok(there, `${where}: ${what} is not in\n${told(found)}`)
}

test('should find the lab’s own ledger intact, signed by a key that is trusted', () => {
  const found = verifyLedger(real.bytes, mine)
  assert.equal(told(found), '')
  assert.ok(found.valid && found.trusted)
  assert.deepEqual(
    found.entries.map(({ kind }) => kind),
    [
      'ledger-opened',
      'registered',
      'run-started',
      'run-aborted',
      'key-rotated',
      'note',
      'run-resumed',
      'run-sealed',
    ],
  )
  assert.equal(found.checkpoint?.size, 8)
  assert.ok(found.unchecked.some((words) => words.startsWith('that no later entries were left out')))
})

/** REPRISE_SLOW=1 changes every byte in two ways, and not only every third in one. */
const SLOW = process.env.REPRISE_SLOW === '1'

test('should find every change of a single byte, and name the place', () => {
  const { entries, checkpoint } = parseLedgerText(real.bytes)
  const places: string[][] = entries.flatMap((entry, i) => {
    const after = i + 1 < entries.length ? `entry ${i + 1}` : 'checkpoint'
    return Array.from({ length: entry.length + 1 }, () => [`entry ${i}`, after])
  })
  places.push([`entry ${entries.length}`, 'ledger']) // the empty line
  places.push(...Array.from(utf8(checkpoint), () => ['checkpoint', 'ledger']))
  assert.equal(places.length, real.bytes.length)
  const changes = [(b: number) => b ^ 1, (b: number, i: number) => (i % 2 === 0 || b === 10 ? b ^ 0x80 : 10)]
  for (const [i, expected] of places.entries()) {
    if (!SLOW && i % 3 !== 0) continue
    for (const change of SLOW || i % 13 === 0 ? changes : changes.slice(0, 1)) {
      const changed = Uint8Array.from(real.bytes)
      changed[i] = change(changed[i]!, i)
      const { valid, problems } = verifyLedger(changed, NO_TRUST)
      const at = `byte ${i}, which is now ${changed[i]}`
      assert.equal(valid, false, at)
      const wheres = problems.map(({ where }) => where)
      const parts =
        changed[i] === 10 && (changed[i - 1] === 10 || changed[i + 1] === 10) ? ['checkpoint'] : []
      const named = [...expected, ...parts]
      assert.ok(
        wheres.some((where) => named.includes(where)),
        `${at}: ${wheres} is none of ${expected}`,
      )
    }
  }
})

test('should find every end that is cut off, and everything that is put to it', () => {
  for (let length = 0; length < real.bytes.length; length += 7)
    assert.equal(verifyLedger(real.bytes.subarray(0, length), NO_TRUST).valid, false, `${length} bytes`)
  for (const more of ['\n', ' ', 'x', '\0', '\n\n', '\n— x AAAAAAAAAAAA\n'])
    assert.equal(verifyLedger(Buffer.concat([real.bytes, utf8(more)]), NO_TRUST).valid, false, more)
  refuse(Buffer.concat([utf8('\ufeff'), real.bytes]), 'entry 0', /./)
  refuse(Buffer.concat([real.bytes, Uint8Array.of(0xff)]), 'ledger', /UTF-8/)
  refuse(utf8(new TextDecoder().decode(real.bytes).replaceAll('\n', '\r\n')), 'ledger', /./)
})

const whole = parseLedgerText(real.bytes)

/** The file with other entries under the same checkpoint. */
function withEntries(entries: readonly Uint8Array[]): Uint8Array {
  return utf8(ledgerText({ entries, checkpoint: whole.checkpoint }))
}

test('should find entries that were left out, moved, swapped, doubled or put in', () => {
  const { entries } = whole
  const last = entries.length - 1
  for (let i = 0; i <= last; i++) {
    const without = entries.filter((_, j) => j !== i)
    if (i < last)
      refuse(withEntries(without), `entry ${i}`, i === 0 ? /number|kind|point/ : /carries the number/)
    refuse(withEntries(without), 'checkpoint', /over 8 entries; there are 7/)
    const twice = entries.toSpliced(i, 0, entries[i]!)
    refuse(withEntries(twice), `entry ${i + 1}`, /carries the number/)
    const strange = chained([opened(FORGER), note('x')])[1]!
    refuse(withEntries(entries.toSpliced(i, 0, strange)), `entry ${i}`, /point|number|kind/)
    for (let j = i + 1; j <= last; j++) {
      const swapped = entries.with(i, entries[j]!).with(j, entries[i]!)
      refuse(withEntries(swapped), `entry ${i}`, /carries the number/)
      refuse(withEntries(swapped), `entry ${j}`, /carries the number/)
    }
  }
  refuse(withEntries([]), 'entry 0', /./)
  refuse(withEntries(entries.toReversed()), 'entry 0', /number/)
})

test('should find entries that were written anew under the old checkpoint', () => {
  const before = [opened(me), note('one'), note('two'), note('three')]
  const checkpoint = checkpointOf(chained(before), me)
  for (let i = 0; i < before.length; i++) {
    const said = before.with(i, i === 0 ? opened(me, `reprise/ledger/${'00'.repeat(16)}`) : note('other'))
    refuse(utf8(ledgerText({ entries: chained(said), checkpoint })), 'checkpoint', /root|another ledger/)
  }
})

test('should take an older copy for intact by itself, and refuse it where a later checkpoint is known', () => {
  assert.equal(verifyLedger(real.earlier, mine).valid, true)
  refuse(real.earlier, 'ledger', /older copy: it has 4 entries, and a checkpoint over 8 is/, mine, [
    whole.checkpoint,
  ])
  const early = parseLedgerText(real.earlier).checkpoint
  const later = verifyLedger(real.bytes, mine, [early, whole.checkpoint])
  assert.ok(later.valid && later.checked.some((words) => words.startsWith('that nothing is missing')))
})

test('should refuse a ledger that goes another way than a checkpoint that is known', () => {
  const start = [opened(me), note('one')]
  const [a, b] = [
    chained([...start, note('two'), note('x')]),
    chained([...start, note('other'), note('x'), note('y')]),
  ]
  refuse(ledgerFile(b, me), 'ledger', /first 4 entries are not those/, trusting(me), [checkpointOf(a, me)])
  assert.equal(verifyLedger(ledgerFile(b, me), trusting(me), [checkpointOf(a.slice(0, 2), me)]).valid, true)
  for (const known of ['', 'x', 'x\n\n', checkpointOf(a, me).slice(0, -1)])
    refuse(ledgerFile(b, me), 'remembered checkpoint', /./, trusting(me), [known])
})

test('should tell whose ledger it is that somebody wrote whole, and refuse it where a key is demanded', () => {
  const { entries } = verifyLedger(real.bytes, NO_TRUST)
  const origin = String(entries[0]!.body.origin)
  const kept = entries.slice(1).filter(({ kind }) => kind !== 'key-rotated')
  const anew = ledgerFile(chained([opened(FORGER, origin), ...kept]), FORGER, origin)
  const found = verifyLedger(anew, { ...mine, demanded: false })
  assert.ok(found.valid && !found.trusted)
  const words = `the ledger is signed by a key you have not trusted: ${verifierKeyText(FORGER.key)}`
  assert.ok(found.unchecked.includes(words))
  refuse(anew, 'signature', /not trusted/, mine)
  refuse(anew, 'ledger', /./, NO_TRUST, [whole.checkpoint])
})

test('should refuse a checkpoint that another key signed, or nobody, or one more', () => {
  const entries = chained([opened(me), note('one')])
  const signed = (checkpoint: string) => utf8(ledgerText({ entries, checkpoint }))
  const { text } = { text: `${checkpointOf(entries, me).split('\n\n')[0]!}\n` }
  refuse(signed(signNote(text, FORGER)), 'checkpoint', /not signed by the key that the entries name/)
  refuse(signed(signNote(text, me, FORGER)), 'checkpoint', /more signatures/)
  refuse(signed(signNote(text, FORGER, me)), 'checkpoint', /more signatures/)
  refuse(signed(`${text}\n`), 'checkpoint', /./)
  const liar = { key: me.key, sign: FORGER.sign }
  refuse(signed(signNote(text, liar)), 'checkpoint', /does not fit/)
})

test('should refuse a checkpoint of another origin or size', () => {
  const entries = chained([opened(me), note('one')])
  const other = `reprise/ledger/${'00'.repeat(16)}`
  refuse(ledgerFile(entries, me, other), 'checkpoint', /another ledger/)
  for (const size of [1, 3]) {
    const more = chained([opened(me), note('one'), note('two')])
    const checkpoint = checkpointOf(more.slice(0, size), me)
    refuse(utf8(ledgerText({ entries, checkpoint })), 'checkpoint', /there are 2/)
  }
})

test('should refuse entries that contradict each other, though they are signed', () => {
  const file = (...said: Said[]) => ledgerFile(chained(said), me)
  refuse(file(opened(me), { ...note('x'), time: timeOf(-1) }), 'entry 1', /earlier than the entry before/)
  refuse(file(opened(me), note('x'), opened(me)), 'entry 2', /ledger-opened at this place/)
  refuse(file(note('x'), note('y')), 'entry 0', /note at this place/)
  refuse(file({ kind: 'ledger-opened', body: {} }), 'entry 0', /key/)
  refuse(file({ kind: 'ledger-opened', body: { origin: 5, key: 'x' } }), 'entry 0', /key/)
  assert.equal(verifyLedger(file(opened(me), { ...note('x'), time: timeOf(0) }), NO_TRUST).valid, true)
})

function rotated(
  from: Signer,
  to: Signer,
  statement: string | null = rotationNote(from, to, new Date(0)),
): Said {
  return {
    kind: 'key-rotated',
    body: { from: verifierKeyText(from.key), to: verifierKeyText(to.key), statement },
  }
}

test('should follow changes of key that the old key signed', () => {
  const last = signerOf('me.example/last')
  const entries = chained([opened(me), rotated(me, next), note('x'), rotated(next, last), note('y')])
  const found = verifyLedger(ledgerFile(entries, last), trusting(last))
  assert.equal(told(found), '')
  assert.equal(found.signer, verifierKeyText(last.key))
  assert.equal(
    found.unchecked.some((words) => words.includes('changed the key')),
    false,
  )
  for (const old of [me, next])
    refuse(ledgerFile(entries, old), 'checkpoint', /not signed by the key that the entries name/)
})

test('should tell of a change of key without a statement, and find every one that is forged', () => {
  const file = (said: Said) => ledgerFile(chained([opened(me), said]), FORGER)
  const found = verifyLedger(file(rotated(me, FORGER, null)), NO_TRUST)
  assert.ok(found.valid && !found.trusted)
  assert.ok(found.unchecked.some((words) => words.startsWith('who changed the key at entry 1')))
  refuse(file(rotated(me, FORGER, null)), 'signature', /not trusted/, trusting(me))
  const liar = { key: me.key, sign: FORGER.sign }
  const good = rotationNote(me, next, new Date(0))
  refuse(file(rotated(me, FORGER, good)), 'entry 1', /other keys/)
  refuse(file(rotated(me, FORGER, rotationNote(liar, FORGER, new Date(0)))), 'entry 1', /does not fit/)
  refuse(file(rotated(me, FORGER, signNote(`${good.split('\n\n')[0]!}\n`, FORGER))), 'entry 1', /both keys/)
  refuse(file(rotated(me, FORGER, 'x')), 'entry 1', /signatures/)
  refuse(
    file(rotated(me, FORGER, signNote('reprise/witness/1\n{}\n', FORGER))),
    'entry 1',
    /no change of key/,
  )
  refuse(file(rotated(next, FORGER)), 'entry 1', /did not sign until then/)
  refuse(file({ kind: 'key-rotated', body: {} }), 'entry 1', /key/)
})

test('should not throw at what is no ledger, and tell at most a hundred problems', () => {
  const texts = [
    '',
    '\n',
    '\n\n',
    'x',
    '{}\n\n',
    '{"body":{',
    '[]\n\nx',
    `${'x\n'.repeat(5_000)}\n`,
    'x'.repeat(5_000_000),
  ]
  for (const text of texts) {
    const { valid, problems } = verifyLedger(utf8(text), NO_TRUST)
    assert.ok(!valid && problems.length > 0 && problems.length <= 100, JSON.stringify(text.slice(0, 20)))
  }
})
