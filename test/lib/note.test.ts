/**
 * Signed notes: those of Go’s sumdb/note, which the format comes from, are read and written byte for byte; OpenSSL (in
 * Node) and our Ed25519 accept each other; what is weak, doubtful or changed is refused.
 */
import assert from 'node:assert/strict'
import { createPublicKey, verify as nodeVerify } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromBase64, toBase64 } from '../../lib/base64.ts'
import { fromHex, sha256, toHex, utf8 } from '../../lib/digest.ts'
import {
  parseNote,
  parseVerifierKey,
  signersOf,
  signNote,
  verifierKey,
  verifierKeyText,
} from '../../lib/note.ts'
import { runs } from './arbitrary.ts'
import { refused } from './refusal.ts'
import { signerOf, signerWith } from './signer.ts'

// golang.org/x/mod/sumdb/note: its documentation's note, and the keys of its tests.
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'
const PETERS_SECRET = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const PETERS_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
const NOTE = `${TEXT}\n${PETERS_LINE}`

const peter = parseVerifierKey(PETER)
const enoch = parseVerifierKey(ENOCH)
const me = signerOf('me.example/key')

test('should read and write Go’s keys and note', () => {
  for (const text of [PETER, ENOCH]) assert.equal(verifierKeyText(parseVerifierKey(text)), text)
  const note = parseNote(NOTE)
  assert.equal(note.text, TEXT)
  assert.deepEqual(signersOf(note, [peter]), [peter])
  assert.deepEqual(signersOf(note, [enoch, peter]), [peter])
  const signer = signerWith('PeterNeumann', fromBase64(PETERS_SECRET).slice(1))
  assert.equal(verifierKeyText(signer.key), PETER)
  assert.equal(signNote(TEXT, signer), NOTE)
})

test('should refuse every part of a key, and every key with one character changed', () => {
  for (let i = 0; i <= PETER.length; i++)
    for (let j = i + 1; j <= PETER.length; j++)
      if (i !== 0 || j !== PETER.length) refused(() => parseVerifierKey(PETER.slice(i, j)), 'usage')
  for (let i = 0; i < PETER.length; i++) {
    const next = String.fromCharCode(PETER.charCodeAt(i) + 1)
    refused(() => parseVerifierKey(PETER.slice(0, i) + next + PETER.slice(i + 1)), 'usage')
  }
  // Go’s own: another length, and another algorithm, each with the id that fits.
  refused(
    () => parseVerifierKey('PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='),
    'usage',
  )
  refused(
    () => parseVerifierKey('PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'),
    'usage',
  )
  refused(() => parseVerifierKey(`${PETER}\n`), 'usage')
})

test('should make and accept the signatures of RFC 8032', () => {
  const [secret, publicKey] = [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  ]
  const signer = signerWith('rfc8032', fromHex(secret))
  assert.equal(toHex(signer.key.publicKey), publicKey)
  const empty =
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'
  assert.equal(toHex(signer.sign(new Uint8Array())), empty)
  const id = toHex(sha256(Uint8Array.of(...utf8('rfc8032\n'), 1, ...fromHex(publicKey))).subarray(0, 4))
  assert.equal(signer.key.id, id)
})

test('should be signed so that OpenSSL agrees, whatever the text', () => {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), me.key.publicKey])
  const opensslKey = createPublicKey({ key: der, format: 'der', type: 'spki' })
  const line = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/\p{Cc}/u.test(text))
  const check = (lines: readonly string[]) => {
    const text = `${lines.join('\n')}\n`
    const note = parseNote(signNote(text, me, signerOf('other')))
    assert.equal(note.text, text)
    assert.equal(note.signatures.length, 2)
    assert.deepEqual(signersOf(note, [me.key]), [me.key])
    const { signature } = note.signatures[0]!
    assert.ok(nodeVerify(null, utf8(text), opensslKey, signature))
  }
  fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), check), runs(40))
})

test('should refuse keys under which any signature would fit, and what is no key', () => {
  const weak = [
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    `${'00'.repeat(31)}80`,
    `01${'00'.repeat(30)}80`,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    ...['ec', 'ed', 'ee'].flatMap((first) => ['7f', 'ff'].map((last) => `${first}${'ff'.repeat(30)}${last}`)),
  ]
  for (const key of weak) refused(() => verifierKey('x', fromHex(key)), 'usage')
  refused(() => verifierKey('x', fromHex(`02${'00'.repeat(31)}`)), 'usage', { says: /no Ed25519 key/ })
  for (const length of [0, 31, 33, 64]) refused(() => verifierKey('x', new Uint8Array(length)), 'usage')
})

test('should refuse names that cannot stand in a signature line, or be seen', () => {
  const { publicKey } = me.key
  for (const name of [
    '',
    'a b',
    'a+b',
    'a\nb',
    'a\tb',
    'a\u0085b',
    'a\u00a0b',
    'a\u2028b',
    'a\u3000b',
    '\ud800',
  ])
    refused(() => verifierKey(name, publicKey), 'usage')
  for (const name of ['a\u001b[2Jb', 'a\u009bb', 'a\u202eb', 'a\u200bb', 'x'.repeat(256)])
    refused(() => verifierKey(name, publicKey), 'usage')
  for (const name of ['größe', 'https://x.example/log?a=b', 'x'.repeat(255), '日本'])
    assert.equal(parseVerifierKey(verifierKeyText(verifierKey(name, publicKey))).name, name)
})

/** The note signed by me, with this signature instead. */
function withSignature(bytes: Uint8Array, text = TEXT): string {
  return `${text}\n— ${me.key.name} ${toBase64(Uint8Array.of(...Buffer.from(me.key.id, 'hex'), ...bytes))}\n`
}

test('should refuse a second spelling of a signature, and one of another length', () => {
  const good = me.sign(utf8(TEXT))
  assert.equal(signersOf(parseNote(withSignature(good)), [me.key]).length, 1)
  let s = 0n
  for (let i = 63; i >= 32; i--) s = (s << 8n) | BigInt(good[i]!)
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  for (const spelled of [s + order, s + 2n * order]) {
    const bytes = Uint8Array.from(good)
    for (let i = 0; i < 32; i++) bytes[32 + i] = Number((spelled >> BigInt(8 * i)) & 255n)
    refused(() => signersOf(parseNote(withSignature(bytes)), [me.key]), 'not-intact', {
      says: /does not fit/,
    })
  }
  for (const length of [1, 63, 65, 128]) {
    const bytes = new Uint8Array(length).map((_, i) => good[i] ?? 0)
    refused(() => signersOf(parseNote(withSignature(bytes)), [me.key]), 'not-intact', {
      says: /does not fit/,
    })
  }
  refused(() => parseNote(withSignature(new Uint8Array())), 'not-intact', { says: /too short/ })
})

test('should ignore signatures of keys that are not asked for, be they right or wrong', () => {
  const wrong = NOTE.replace('x08go/ZJ', 'x08go/ZK')
  assert.deepEqual(signersOf(parseNote(wrong), [enoch, me.key]), [])
  const both = signNote(TEXT, me) + wrong.split('\n\n')[1]
  assert.deepEqual(signersOf(parseNote(both), [me.key]), [me.key])
  assert.deepEqual(signersOf(parseNote(NOTE.replace('— Peter', '— Pater')), [peter]), [])
  assert.deepEqual(
    signersOf(parseNote(NOTE.replace('x08go', 'y08go')), [peter]),
    [],
    'another key of that name',
  )
})

test('should refuse the whole note for one signature of a known key that does not fit', () => {
  const both = signNote(TEXT, me) + NOTE.replace('x08go/ZJ', 'x08go/ZK').split('\n\n')[1]
  refused(() => signersOf(parseNote(both), [me.key, peter]), 'not-intact', { says: /PeterNeumann/ })
  const twice = signNote(TEXT, me) + withSignature(new Uint8Array(64)).split('\n\n')[1]
  refused(() => signersOf(parseNote(twice), [me.key]), 'not-intact', { says: /me\.example/ })
  const again = signNote(TEXT, me, me)
  assert.deepEqual(signersOf(parseNote(again), [me.key]), [me.key], 'signed twice by one is one')
})

test('should take the 16 signatures that the format asks for, and not any number', () => {
  const others = Array.from({ length: 63 }, (_, i) => `— other${i} ${toBase64(new Uint8Array(40))}\n`)
  const note = (many: number) => signNote(TEXT, me) + others.slice(0, many).join('')
  for (const many of [15, 16, 63]) assert.equal(signersOf(parseNote(note(many)), [me.key]).length, 1)
  refused(() => parseNote(note(63) + others[0]), 'not-intact', { says: /64 signatures/ })
})

test('should take signatures from the last empty line on', () => {
  const text = `a\n\n— ${me.key.name} AAAA\n\nb\n`
  const note = parseNote(signNote(text, me))
  assert.equal(note.text, text)
  assert.equal(signersOf(note, [me.key]).length, 1)
})

test('should refuse what is no note', () => {
  const line = PETERS_LINE
  const texts = [
    '', '\n', TEXT, `${TEXT}\n`, `${TEXT}\n\n`, NOTE.slice(0, -1), `${NOTE}\n`, `${NOTE}x`, `${TEXT}${line}`,
    NOTE.replace('— ', '- '), NOTE.replace('— ', '—'), NOTE.replace('— ', '—  '), NOTE.replace(' x08', '  x08'),
    NOTE.replace('x08go', 'x08g'), NOTE.replace('nAM=', 'nAM'), NOTE.replace('nAM=', 'nAN='), NOTE.replace('nAM=', 'nAM=='),
    NOTE.replace('— PeterNeumann', '— Peter+Neumann'), NOTE.replace('— PeterNeumann', '—'), NOTE.replaceAll('\n', '\r\n'),
    NOTE.replace('think', 'th\0nk'), NOTE.replace('think', 'th\tnk'), NOTE.replace('think', 'th\x1fnk'), `\ud800${NOTE}`,
    NOTE.replace('PeterNeumann', 'Peter\u0085Neumann'),
  ] // biome-ignore format: a list
  for (const text of texts) refused(() => parseNote(text), 'not-intact')
  refused(() => parseNote('x'.repeat(1_000_001)), 'not-intact')
})

test('should find every change of a single character', () => {
  const note = signNote('origin\n12\nabc\n', me)
  for (let i = 0; i < note.length; i++) {
    for (const other of ['x', 'y', '\n', ' ', 'A', '+']) {
      if (note[i] === other) continue
      const changed = note.slice(0, i) + other + note.slice(i + 1)
      let signers: readonly unknown[]
      try {
        signers = signersOf(parseNote(changed), [me.key])
      } catch {
        continue
      }
      assert.deepEqual(signers, [], `character ${i} as ${JSON.stringify(other)}`)
    }
  }
})

test('should sign nothing that is not the text of a note', () => {
  for (const text of ['', 'x', 'x\ty\n', 'x\r\n', '\ud800\n', '\0\n'])
    assert.throws(() => signNote(text, me), RangeError)
})
