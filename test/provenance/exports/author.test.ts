/** Authors as users write them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAuthor } from '../../../provenance/exports/author.ts'

test('should take a name as it is, and its parts where a comma says which is which', () => {
  assert.deepEqual(parseAuthor('Jane van Doe'), {
    name: 'Jane van Doe',
    family: null,
    given: null,
    orcid: null,
  })
  assert.deepEqual(parseAuthor(' van Doe,  Jane '), {
    name: 'Jane van Doe',
    family: 'van Doe',
    given: 'Jane',
    orcid: null,
  })
  assert.equal(parseAuthor('Lab, Dept, Uni').family, null)
})

test('should take an ORCID with or without its address, also one that ends in X', () => {
  const orcid = 'https://orcid.org/0000-0002-1825-0097'
  assert.equal(parseAuthor('Doe, Jane <0000-0002-1825-0097>').orcid, orcid)
  assert.equal(parseAuthor(`Jane<${orcid}>`).orcid, orcid)
  assert.equal(parseAuthor('J <0000-0002-1694-233X>').orcid, 'https://orcid.org/0000-0002-1694-233X')
})

for (const text of [
  '',
  ' ',
  '<0000-0002-1825-0097>',
  'J <0000-0002-1825-0098>',
  'J <jane@example.org>',
  'a\nb',
  'a\u2028b',
  '\ud800',
  'x'.repeat(301),
]) {
  test(`should refuse ${JSON.stringify(text.slice(0, 30))}`, () => {
    assert.throws(() => parseAuthor(text), { code: 'usage' })
  })
}
