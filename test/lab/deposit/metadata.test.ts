/** What .zenodo.json says, as InvenioRDM takes it. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { draftOf, isPerson, readMetadata } from '../../../lab/deposit/metadata.ts'
import { zenodoFile } from '../../../provenance/exports/zenodo.ts'
import { artifactFacts } from '../../provenance/exports/artifact-sample.ts'
import { temporaryFolder } from '../run.ts'

test('should carry over all that an artifact says of itself', (t) => {
  const path = join(temporaryFolder(t), '.zenodo.json')
  writeFileSync(path, zenodoFile(artifactFacts()))
  const draft = draftOf(readMetadata(path), new URL('https://sandbox.zenodo.org/'), '2000-01-01') as {
    metadata: Record<string, unknown>
  }
  const { metadata } = draft
  assert.deepEqual(metadata.creators, [
    {
      person_or_org: {
        type: 'personal',
        family_name: 'Doe',
        given_name: 'Jane',
        identifiers: [{ scheme: 'orcid', identifier: '0000-0002-1825-0097' }],
      },
    },
    { person_or_org: { type: 'organizational', name: 'The {SIR} and Co' } },
  ])
  assert.deepEqual(
    [metadata.resource_type, metadata.rights, metadata.publisher],
    [{ id: 'dataset' }, [{ id: 'cc-by-4.0' }], 'Zenodo'],
  )
  assert.match(String(metadata.publication_date), /^\d{4}-\d\d-\d\d$/)
  assert.notEqual(metadata.publication_date, '2000-01-01')
  assert.deepEqual(
    Object.hasOwn(draftOf(readMetadata(path), new URL('https://example.org/'), ''), 'access'),
    true,
  )
})

test('should refuse what it would lose or could not send', (t) => {
  const path = join(temporaryFolder(t), 'metadata.json')
  const whole = { title: 'x', description: 'x', creators: [{ name: 'x' }] }
  for (const [text, says] of [
    ['{', /no JSON/],
    ['[]', /object/],
    [JSON.stringify({ ...whole, title: undefined }), /title/],
    [JSON.stringify({ ...whole, creators: [] }), /creators/],
    [JSON.stringify({ ...whole, grants: [] }), /"grants" is not understood/],
    [JSON.stringify({ ...whole, publication_date: 'today' }), /publication_date/],
    [JSON.stringify({ ...whole, access_right: 'embargoed' }), /access_right/],
  ] as const) {
    writeFileSync(path, text)
    assert.throws(() => readMetadata(path), { code: 'usage', message: says }, text)
  }
})

test('should take for a person only who has a comma', () => {
  const kinds = ['Lovelace, Ada', 'Ada Lovelace', 'Lovelace,', 'A, B, C'].map(isPerson)
  assert.deepEqual(kinds, [true, false, false, false])
})
