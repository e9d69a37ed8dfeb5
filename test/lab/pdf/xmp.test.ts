/** Metadata: our list is added and changed, all else stays as it is, and it is read in the forms that other programs give it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Listed, listedIn, NAMESPACE, withListed } from '../../../lab/pdf/xmp.ts'

const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
const whole = (inner: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${RDF}>${inner}</rdf:RDF></x:xmpmeta>`
const OTHER = whole(
  '<rdf:Description rdf:about="uuid:1" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>a &amp; b</dc:title></rdf:Description>',
)

const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => /^[^\p{C}\s]*$/u.test(text))
const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 })
const listed: fc.Arbitrary<Listed> = fc.record(
  { file: text, experiment: hex, root: hex, record: hex },
  { noNullPrototype: true },
)
const lists = fc.array(listed, { maxLength: 3 })

test('should read what it lists, and leave nothing of an older list', () => {
  fc.assert(
    fc.property(lists, lists, fc.constantFrom(null, OTHER), (first, second, xmp) => {
      const once = withListed(xmp, first)
      assert.deepEqual(listedIn(once), first)
      assert.equal(withListed(once, second), withListed(xmp === null ? withListed(null, []) : xmp, second))
      if (xmp !== null) for (const part of xmp.split('</rdf:RDF>')) assert.ok(once.includes(part))
    }),
    { seed: 8, numRuns: 100 },
  )
})

test('should take the subject of what is there', () => {
  assert.match(withListed(OTHER, []), /<rdf:Description rdf:about="uuid:1" xmlns:rdf="[^"]+" xmlns:reprise=/)
})

test('should read the forms in which other programs write it', () => {
  const entry = { file: 'm.json', experiment: 'e', root: 'r', record: 'd' }
  const attributes = Object.entries(entry)
    .map(([key, value]) => `reprise:${key}="${value}"`)
    .join(' ')
  const forms = [
    `<rdf:li ${attributes}/>`,
    `<rdf:li><rdf:Description ${attributes}/></rdf:li>`,
    `<rdf:li rdf:parseType="Resource">${Object.entries(entry)
      .map(([key, value]) => `<reprise:${key}>\n ${value} </reprise:${key}>`)
      .join('')}</rdf:li>`,
  ]
  for (const form of forms) {
    const list = `<reprise:records><rdf:Bag>${form}</rdf:Bag></reprise:records>`
    const xmp = whole(`<rdf:Description rdf:about="" xmlns:reprise="${NAMESPACE}">${list}</rdf:Description>`)
    assert.deepEqual(listedIn(xmp), [entry], form)
    assert.throws(
      () => withListed(xmp, []),
      { code: 'refused' },
      'what another program has rewritten is not touched',
    )
  }
})

test('should make nothing of entities, and refuse what is no metadata', () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "${'b'.repeat(1000)}"><!ENTITY c "&a;&a;&a;">]>${withListed(null, []).replace('</rdf:Bag>', '<rdf:li>&c;</rdf:li></rdf:Bag>')}`
  assert.deepEqual(listedIn(bomb), [{ file: '', experiment: '', root: '', record: '' }])
  assert.throws(() => withListed('', []), { code: 'refused' })
  assert.throws(() => withListed('<html/>', []), { code: 'refused' })
})
