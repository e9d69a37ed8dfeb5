/** Timestamps: OpenSSL's authority and ours agree; everything that is wrong with a token is found, and said. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { sha256, utf8 } from '../../lib/digest.ts'
import { verifyTimestamp } from '../../provenance/timestamp.ts'
import { MAX_TOKEN, readTimestamp, timestampRequest } from '../../provenance/timestamp-request.ts'
import type { Timestamp } from '../../provenance/timestamp-verdict.ts'
import { refused } from '../lib/refusal.ts'
import { Authority, type KeyKind } from './authority.ts'

const DIGEST = sha256(utf8('a checkpoint\n'))
const NONCE = Uint8Array.from([0, 0x80, 1, 2, 3, 4, 5, 6])

const wrong = (found: Timestamp, ...says: RegExp[]) => {
  assert.equal(found.trusted, false)
  assert.equal(found.problems.length, says.length, found.problems.join('; '))
  for (const [i, problem] of found.problems.entries()) assert.match(problem, says[i]!)
}

for (const kind of ['rsa', 'ec'] as const satisfies KeyKind[]) {
  test(`should accept what OpenSSL stamps, and OpenSSL what was accepted: ${kind}`, (t) => {
    const authority = new Authority(t)
    const root = authority.root('root', kind)
    authority.certificate('tsa', { kind })
    const token = readTimestamp(authority.reply(timestampRequest(DIGEST, NONCE), 'tsa'))
    const found = verifyTimestamp(token, DIGEST, [root], NONCE)
    assert.deepEqual(found.problems, [])
    assert.deepEqual([found.trusted, found.tsa, found.policy], [true, 'CN=tsa', '1.3.6.1.4.1.13762.3'])
    assert.equal(found.serial, '01a8')
    assert.ok(Math.abs(Date.parse(found.time!) - Date.now()) < 60_000)
    assert.deepEqual(
      verifyTimestamp(token, DIGEST),
      { ...found, trusted: false },
      'nobody is trusted by itself',
    )
    writeFileSync(authority.path('token.der'), token)
    const digest = Buffer.from(DIGEST).toString('hex')
    const words = ['-verify', '-digest', digest, '-in', 'token.der', '-token_in', '-CAfile', 'root.pem']
    assert.match(authority.openssl('ts', ...words).toString(), /Verification: OK/)
  })
}

test('should accept a signer below another authority, one trusted itself, and certificates named by SHA-1', (t) => {
  const authority = new Authority(t)
  const root = authority.root('root')
  const between = authority.certificate('between', { extensions: 'between', kind: 'ec' })
  const signer = authority.certificate('tsa', { by: 'between' })
  const request = timestampRequest(DIGEST, NONCE)
  const whole = readTimestamp(authority.reply(request, 'tsa', ['between', 'root']))
  assert.deepEqual(verifyTimestamp(whole, DIGEST, [root]).problems, [])
  const alone = readTimestamp(authority.reply(request, 'tsa', [], 'oldtsa'))
  assert.equal(verifyTimestamp(alone, DIGEST, [root, between]).trusted, true)
  assert.equal(verifyTimestamp(alone, DIGEST, [signer]).trusted, true)
  wrong(verifyTimestamp(alone, DIGEST, [root]), /no chain .* trusted/)
  authority.certificate('below', { by: 'between', extensions: 'short' })
  authority.certificate('deep', { by: 'below' })
  const deep = readTimestamp(authority.reply(request, 'deep', ['below', 'between']))
  wrong(verifyTimestamp(deep, DIGEST, [root]), /no chain .* trusted/) // its path is longer than `between` allows
  authority.certificate('child', { by: 'tsa' })
  const child = readTimestamp(authority.reply(request, 'child', ['tsa', 'between']))
  wrong(verifyTimestamp(child, DIGEST, [root]), /no chain .* trusted/, /issued none/) // `tsa` is no authority
})

test('should say what is wrong: digest, nonce, root, time, certificate', (t) => {
  const authority = new Authority(t)
  const root = authority.root('root')
  authority.certificate('tsa')
  const request = timestampRequest(DIGEST, NONCE)
  const token = readTimestamp(authority.reply(request, 'tsa'))
  wrong(verifyTimestamp(token, sha256(utf8('else')), [root], NONCE), /stamps another digest/)
  wrong(verifyTimestamp(token, DIGEST, [root], randomBytes(8)), /answers another request: its nonce/)
  wrong(
    verifyTimestamp(token, DIGEST, [authority.root('other')], NONCE),
    /no chain of certificates leads to one/,
  )
  const twin = new Authority(t)
  wrong(verifyTimestamp(token, DIGEST, [twin.root('root')], NONCE), /no chain/) // the same name, another key
  authority.certificate('old', { from: '20200101000000Z', to: '20200201000000Z' })
  const late = readTimestamp(authority.reply(request, 'old'))
  wrong(verifyTimestamp(late, DIGEST, [root]), /not valid at that time/)
  authority.certificate('expired', { extensions: 'between', to: '20200201000000Z' })
  authority.certificate('under', { by: 'expired' })
  const under = readTimestamp(authority.reply(request, 'under', ['expired']))
  wrong(verifyTimestamp(under, DIGEST, [root]), /no chain/)
  const cades = ['-cades', '-md', 'sha256']
  for (const [extensions, says] of [
    ['leaf', null],
    ['web', /not for timestamping$/],
    ['bare', /not for timestamping$/],
    ['meek', /not for timestamping alone, marked critical/],
    ['broad', /not for timestamping alone, marked critical/],
    ['encipher', /not for signatures/],
    ['strange', /critical extension that is unknown/],
  ] as const) {
    authority.certificate(extensions, { extensions })
    const forged = authority.resign(token, extensions, cades)
    const found = verifyTimestamp(forged, DIGEST, [root])
    if (says === null) assert.equal(found.trusted, true, found.problems.join())
    else wrong(found, says)
  }
  for (const [changes, says] of [
    [['-md', 'sha256'], /does not have the signed attributes of a timestamp/],
    [['-cades', '-md', 'sha1'], /digest is too weak/],
    [[...cades, '-nocerts'], /does not hold the certificate/],
    [[...cades, '-certfile', 'bare.pem'], /certificate that issued none of its chain/],
    [[...cades, '-econtent_type', '1.2.840.113549.1.7.1'], /is signed data of another kind/],
    [[...cades, '-signer', 'meek.pem', '-inkey', 'meek.key'], /does not have one signer/],
    [[...cades, '-keyid'], /signer is named wrongly/],
    [[...cades, '-keyopt', 'rsa_padding_mode:pss'], /algorithm that is unknown here/],
  ] as const) {
    const found = verifyTimestamp(authority.resign(token, 'leaf', changes), DIGEST, [root])
    assert.match(found.problems[0] ?? '', says, changes.join(' '))
    assert.equal(found.trusted, false)
  }
})

test('should find every byte that is changed, whatever it belongs to', (t) => {
  const authority = new Authority(t)
  const root = authority.root('root', 'ec')
  authority.certificate('between', { extensions: 'between', kind: 'ec' })
  authority.certificate('tsa', { by: 'between', kind: 'ec' })
  const reply = authority.reply(timestampRequest(DIGEST, NONCE), 'tsa', ['between'])
  const token = readTimestamp(reply)
  assert.equal(verifyTimestamp(token, DIGEST, [root], NONCE).trusted, true)
  const [start, end] = [120, token.length - 360] // between them lies what the signature or a certificate's covers
  for (let place = 0; place < 8 * token.length; place++) {
    const [at, bit] = [place >> 3, place & 7]
    const signed = at >= start && at < end
    if (signed ? at % 16 !== 0 || bit !== (at >> 4) % 8 : bit !== 7 && bit !== at % 7) continue
    const changed = Uint8Array.from(token)
    changed[at]! ^= 1 << bit
    const found = verifyTimestamp(changed, DIGEST, [root], NONCE)
    assert.ok(found.problems.length > 0 && !found.trusted, `bit ${bit} of byte ${at} of ${token.length}`)
    assert.ok(
      found.problems.every((problem) => /^[a-z][^\n]{5,120}$/.test(problem)),
      found.problems.join(),
    )
  }
  for (const cut of [0, 1, 2, 40, token.length - 1])
    assert.ok(verifyTimestamp(token.subarray(0, cut), DIGEST, [root]).problems.length > 0)
  const longer = verifyTimestamp(Uint8Array.from([...token, 0]), DIGEST, [root])
  wrong(longer, /is not one DER value/)
})

test('should take no time and no exception for what is no token at all', () => {
  const deep = Uint8Array.from({ length: MAX_TOKEN }, (_, i) => (i % 2 === 0 ? 0x30 : 0x80))
  const wide = Uint8Array.from({ length: MAX_TOKEN }, (_, i) => (i % 2 === 0 ? 5 : 0))
  wide.set([0x30, 0x83, 0, 0xff, 0xf9, 5, 0])
  const started = performance.now()
  for (const bytes of [new Uint8Array(0), deep, wide, utf8('<html>'), new Uint8Array(randomBytes(MAX_TOKEN))])
    assert.ok(verifyTimestamp(bytes, DIGEST).problems.length === 1)
  wrong(verifyTimestamp(new Uint8Array(MAX_TOKEN + 1), DIGEST), /larger than 65536 bytes/)
  assert.ok(performance.now() - started < 5000)
  refused(() => verifyTimestamp(deep, DIGEST, ['no certificate']), 'usage')
})

test('should say what a response is that brings no token', (t) => {
  const authority = new Authority(t)
  authority.root('root')
  authority.certificate('tsa')
  const reply = authority.reply(timestampRequest(DIGEST, NONCE), 'tsa', [], 'onlysha512')
  refused(() => readTimestamp(reply), 'refused', { says: /gave no timestamp: rejection, badAlg, / })
  refused(() => readTimestamp(utf8('<html>')), 'not-intact', { says: 'no response' })
  refused(() => readTimestamp(new Uint8Array(MAX_TOKEN + 1)), 'not-intact', { says: 'larger' })
  refused(() => readTimestamp(Uint8Array.from([0x30, 5, 0x30, 3, 2, 1, 0])), 'not-intact', {
    says: 'holds none',
  })
})

test('should ask as OpenSSL reads it', (t) => {
  const authority = new Authority(t)
  writeFileSync(authority.path('q.tsq'), timestampRequest(DIGEST, NONCE))
  const text = authority.openssl('ts', '-query', '-in', 'q.tsq', '-text').toString()
  assert.match(text, /Hash Algorithm: sha256/)
  assert.match(text, /Nonce: 0x80010203040506/)
  assert.match(text, /Certificate required: yes/)
})
