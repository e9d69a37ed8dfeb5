/** BibTeX and CITATION.cff: what they say, and that no name becomes structure. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CodeIdentity } from '../../../provenance/code.ts'
import { parseAuthor } from '../../../provenance/exports/author.ts'
import { bibtexEntry, citationKey } from '../../../provenance/exports/bibtex.ts'
import { citationFile } from '../../../provenance/exports/cff.ts'
import { repositoryUrl, webAddress } from '../../../provenance/exports/facts.ts'
import { cffOf } from './cff-data.ts'
import { HOSTILE, sample } from './sample.ts'

const AUTHORS = ['Doe, Jane <0000-0002-1825-0097>', 'The {SIR} and Co'].map(parseAuthor)

function code(url: string): CodeIdentity {
  const remotes = [
    { name: 'fork', url: 'https://example.org/fork' },
    { name: 'origin', url },
  ]
  return {
    commit: 'c0ffee'.padEnd(40, '0'),
    branch: 'main',
    dirty: false,
    changes: [],
    remotes,
  } as CodeIdentity
}

/** The fields of one BibTeX entry, read by counting braces as BibTeX does. */
function fieldsOf(entry: string): Record<string, string> {
  const fields: Record<string, string> = {}
  let [depth, start, name] = [0, 0, '']
  for (let i = 0; i < entry.length; i++) {
    if (entry[i] === '{' && ++depth === 2) {
      name = /([a-z]+) = $/.exec(entry.slice(0, i))![1]!
      start = i + 1
    } else if (entry[i] === '}' && --depth === 1) fields[name] = entry.slice(start, i)
    assert.ok(depth >= 0)
  }
  assert.equal(depth, 0)
  return fields
}

test('should write an entry for the results', () => {
  const manifest = sample({
    run: { sealed: '2026-03-04T05:06:07.089Z', code: code('https://example.org/sir.git') },
  })
  const entry = bibtexEntry(manifest, AUTHORS)
  assert.ok(entry.startsWith(`@misc{${citationKey(manifest)},\n`))
  const fields = fieldsOf(entry)
  assert.deepEqual(Object.keys(fields), ['author', 'title', 'year', 'month', 'howpublished', 'note', 'url'])
  assert.equal(fields.author, '{Doe}, {Jane} and {The \\textbraceleft{}SIR\\textbraceright{} and Co}')
  assert.deepEqual([fields.year, fields.month, fields.url], ['2026', '3', 'https://example.org/sir.git'])
  assert.ok(fields.note!.replaceAll('\\allowbreak{}', '').includes(manifest.results.root))
})

test('should keep a hostile name inside its field', () => {
  const manifest = sample({ document: { name: HOSTILE } })
  const fields = fieldsOf(bibtexEntry(manifest, []))
  assert.deepEqual(Object.keys(fields), ['title', 'year', 'month', 'howpublished', 'note'])
  assert.match(citationKey(manifest), /^[a-z0-9-]+-[0-9a-f]{8}$/)
  assert.match(citationKey(sample({ document: { name: '{}' } })), /^results-[0-9a-f]{8}$/)
})

test('should write a citation file with the keys of the format', () => {
  const manifest = sample({
    document: { name: HOSTILE },
    run: { sealed: '2026-03-04T05:06:07.089Z', code: code('https://example.org/sir.git') },
  })
  const data = cffOf(citationFile([manifest], AUTHORS, 'https://spdx.org/licenses/CC-BY-4.0'))
  assert.deepEqual(Object.keys(data), [
    'cff-version',
    'message',
    'type',
    'title',
    'authors',
    'date-released',
    'version',
    'license-url',
    'repository-code',
    'commit',
    'identifiers',
    'keywords',
  ])
  assert.equal(data.title, `${HOSTILE}: results of run ${manifest.run.id}`)
  assert.deepEqual(data.authors, [
    { 'family-names': 'Doe', 'given-names': 'Jane', orcid: 'https://orcid.org/0000-0002-1825-0097' },
    { name: 'The {SIR} and Co' },
  ])
  assert.deepEqual([data.type, data['date-released']], ['dataset', '2026-03-04'])
  assert.equal((data.identifiers as { value: string }[])[0]!.value, manifest.results.root)
})

test('should demand an author for a citation file', () => {
  assert.throws(() => citationFile([sample()], [], null), { code: 'usage' })
})

test('should write nothing into YAML that it calls not printable', () => {
  const text = citationFile([sample({ document: { name: 'a\x7f\x85\u2028\ufeff\uffffb' } })], AUTHORS, null)
  assert.match(text, /^title: "a\\u007f\\u0085\\u2028\\ufeff\\uffffb: /m)
})

test('should take a remote only as a web address without secrets', () => {
  const url = (remote: string) => repositoryUrl(sample({ run: { code: code(remote) } }).run)
  assert.equal(url('https://example.org/a b{c}"<x>'), 'https://example.org/a%20b%7Bc%7D%22%3Cx%3E')
  for (const odd of [
    'git@example.org:x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://jane:secret@example.org/x',
  ])
    assert.equal(url(odd), 'https://example.org/fork', String(odd))
  assert.equal(repositoryUrl(sample({ run: { code: { commit: null, reason: 'x' } } }).run), null)
  assert.equal(webAddress(`https://example.org/${'x'.repeat(3_000)}`), null)
})
