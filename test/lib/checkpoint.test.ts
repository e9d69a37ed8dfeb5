/** Checkpoints: the one text of origin, size and root, and no other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkpointText, parseCheckpoint } from '../../lib/checkpoint.ts'
import { runs } from './arbitrary.ts'
import { refused } from './refusal.ts'

/** The example of c2sp.org/tlog-checkpoint. */
const EXAMPLE = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'

test('should read the example of the format, and write it again', () => {
  const checkpoint = parseCheckpoint(EXAMPLE)
  assert.deepEqual([checkpoint.origin, checkpoint.size], ['example.com/behind-the-sofa', 20852163])
  assert.equal(checkpointText(checkpoint), EXAMPLE)
})

test('should read what it writes', () => {
  const plain = { noNullPrototype: true }
  const checkpoint = fc.record(
    {
      origin: fc.string({ minLength: 1, maxLength: 60 }).filter((text) => !text.includes('\n')),
      size: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    },
    plain,
  )
  const check = (one: { origin: string; size: number; root: Uint8Array }) =>
    assert.deepEqual(parseCheckpoint(checkpointText(one)), one)
  fc.assert(fc.property(checkpoint, check), runs(200))
})

test('should refuse every other text', () => {
  const size = (text: string) => EXAMPLE.replace('20852163', text)
  const texts = [
    '', '\n', EXAMPLE.slice(0, -1), `${EXAMPLE}\n`, `${EXAMPLE}extension\n`, `\n${EXAMPLE}`, EXAMPLE.replace('example.com/behind-the-sofa', ''),
    size(''), size('-1'), size('+1'), size('01'), size('1.0'), size('1e3'), size(' 1'), size('0x10'), size('9007199254740992'),
    size('99999999999999999'), EXAMPLE.replace('q2I=', 'q2J='), EXAMPLE.replace('q2I=', 'q2I'), EXAMPLE.replace('q2I=', 'q2IA'),
    EXAMPLE.replace('q2I=', 'qw=='), EXAMPLE.replaceAll('\n', '\r\n'), `${'x'.repeat(256)}\n1\n${EXAMPLE.split('\n')[2]}\n`,
  ] // biome-ignore format: a list
  for (const text of texts) refused(() => parseCheckpoint(text), 'not-intact')
  assert.equal(parseCheckpoint(size('9007199254740991')).size, Number.MAX_SAFE_INTEGER)
  assert.equal(parseCheckpoint(size('0')).size, 0)
})
