/** Metadata: our list is added and changed, all else stays as it is, and it is read in the forms that other programs give it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { listedProblems } from '../../../lab/pdf/listed.ts'
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

test('should take one list, no deeper and no longer than any writer makes it', () => {
  const about = (inner: string) =>
    whole(`<rdf:Description rdf:about="" xmlns:reprise="${NAMESPACE}">${inner}</rdf:Description>`)
  const list = (inner: string) => `<reprise:records><rdf:Bag>${inner}</rdf:Bag></reprise:records>`
  const many = about(list('<rdf:li reprise:file="a"><rdf:Bag><rdf:li/></rdf:Bag></rdf:li>'.repeat(1_000)))
  assert.equal(listedIn(many).length, 500, 'what is within an item is no item')
  assert.equal(listedIn(about(list('<rdf:li/>').repeat(3))).length, 1)
  for (const tag of ['reprise:records', 'rdf:li']) {
    const deep = about(
      `<reprise:records>${`<${tag}>`.repeat(5_000)}${`</${tag}>`.repeat(5_000)}</reprise:records>`,
    )
    assert.throws(() => listedIn(deep), { code: 'not-intact', message: /too long/ })
  }
  assert.throws(() => listedIn(about(' '.repeat(2 ** 20))), { code: 'not-intact', message: /too long/ })
})

test('should tell so many differences and no more', () => {
  const stranger = { file: 'm.json', experiment: 'e', root: 'r', record: 'd' }
  const [told] = listedProblems(Array(500).fill(stranger), [])
  assert.equal(told?.length, 21)
  assert.match(told?.at(-1)?.what ?? '', /^and 480 more/)
})
