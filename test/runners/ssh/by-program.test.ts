/** The head's own ssh is given fixed words, and nothing that it could take for an option or a command. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import { shellByProgram, wordsFor } from '../../../runners/ssh/by-program.ts'

test('should give ssh a host after all options, and refuse names that are none', () => {
  const words = wordsFor({ host: 'node1', user: 'ada', port: 2222 })
  assert.deepEqual(words.slice(-7), ['-p', '2222', '-l', 'ada', '--', 'node1', 'exec /bin/sh'])
  for (const option of ['BatchMode=yes', 'StrictHostKeyChecking=yes', 'ForwardAgent=no'])
    assert.ok(words.includes(option))
  const plain = { host: 'node1', user: null, port: null }
  for (const odd of [
    '-oProxyCommand=touch PWN',
    '',
    ' ',
    'a b',
    'a;b',
    '$(touch PWN)',
    'a\nb',
    "a'b",
    'a/b',
    'ssh://x',
  ])
    assert.throws(
      () => wordsFor({ ...plain, host: odd }),
      (error) => error instanceof RepriseError && error.code === 'usage',
      odd,
    )
  for (const odd of ['-x', 'a b', '$(x)', ''])
    assert.throws(() => wordsFor({ ...plain, user: odd }), RepriseError, odd)
  for (const odd of [0, -1, 1.5, 65_536, Number.NaN])
    assert.throws(() => wordsFor({ ...plain, port: odd }), RepriseError)
  for (const fine of ['10.0.0.5', 'fe80::1%eth0', 'node-1.example.org', 'n_1'])
    assert.ok(wordsFor({ ...plain, host: fine }).includes(fine))
})

test('should say why a host is not reached, and that nobody is to blame for it', async () => {
  const { ended } = shellByProgram({ host: '127.0.0.1', user: null, port: 1 })
  const { how, unreachable } = await ended
  assert.equal(unreachable, true)
  assert.match(how, /ssh/)
})
