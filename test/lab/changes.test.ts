/** Changes key by key, cut to where they differ. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changes } from '../../lab/changes.ts'

test('should give the keys that differ, with both values', () => {
  assert.deepEqual(changes({ a: 1, b: [1], c: 'x', d: null }, { a: 1, b: [2], e: true }), [
    { what: 'b', left: [1], right: [2] },
    { what: 'c', left: 'x', right: null },
    { what: 'd', left: null, right: null },
    { what: 'e', left: null, right: true },
  ])
})

test('should cut long values to where they differ', () => {
  const flags = Array.from({ length: 500 }, (_, i) => `flag${i}`)
  const [change] = changes({ flags }, { flags: flags.filter((flag) => flag !== 'flag400') })
  const { left, right } = change as { left: string; right: string }
  assert.match(left, /^….*"flag400".*…$/)
  assert.match(right, /^….*"flag399","flag401".*…$/)
  assert.ok(left.length < 210 && right.length < 210)
  const text = changes({ a: 'x'.repeat(1000) }, { a: 'y' })
  assert.deepEqual(text, [{ what: 'a', left: `${'x'.repeat(200)}…`, right: 'y' }])
})
