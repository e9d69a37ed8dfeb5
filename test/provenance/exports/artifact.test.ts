/**
 * The files of an artifact, each held against the rules of those who read it: CITATION.cff against the published schema (CFF
 * 1.2.0, by S. Druskat and others, CC-BY-4.0), JSON-LD by somebody else's processor with the published contexts, Markdown and HTML by
 * what hostile names could become in them.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import jsonld from 'jsonld'
import type { ArtifactFacts } from '../../../provenance/exports/artifact.ts'
import { roughBytes, roughTime } from '../../../provenance/exports/artifact-costs.ts'
import { artifactCrate } from '../../../provenance/exports/artifact-crate.ts'
import { artifactReadme } from '../../../provenance/exports/artifact-readme.ts'
import { citationFile } from '../../../provenance/exports/cff.ts'
import { codemetaFile } from '../../../provenance/exports/codemeta.ts'
import { markdownCode, markdownText } from '../../../provenance/exports/markdown.ts'
import { zenodoFile } from '../../../provenance/exports/zenodo.ts'
import { GOLDEN } from '../../golden/vectors.ts'
import { artifactFacts } from './artifact-sample.ts'
import { cffOf } from './cff-data.ts'
import { HOSTILE } from './sample.ts'

const golden = (name: string) => JSON.parse(readFileSync(new URL(name, GOLDEN), 'utf8'))
const CONTEXTS: Readonly<Record<string, object>> = {
  'https://w3id.org/ro/crate/1.1/context': golden('ro-crate-1.1-context.json'),
  'https://w3id.org/ro/terms/workflow-run/context': {
    '@context': { sha256: 'https://w3id.org/ro/terms/workflow-run#sha256' },
  },
  'https://doi.org/10.5063/schema/codemeta-2.0': golden('codemeta-2.0-context.json'),
}

const manifestsOf = ({ runs }: ArtifactFacts) => runs.map(({ manifest }) => manifest)

/** Expands it; what the processor complains of beside. */
async function expanded(
  document: object,
): Promise<{ entities: Record<string, unknown>[]; events: string[] }> {
  const events: string[] = []
  const documentLoader = async (url: string) => {
    assert.ok(url in CONTEXTS, `asked for ${url}`)
    return { document: CONTEXTS[url]!, documentUrl: url }
  }
  const eventHandler = ({ event, next }: { event: { code: string; details: object }; next: () => void }) => {
    events.push(`${event.code} ${JSON.stringify(event.details).slice(0, 200)}`)
    next()
  }
  const options = { base: 'arcp://artifact/', documentLoader, eventHandler }
  const entities = await jsonld.expand(document as jsonld.JsonLdDocument, options as jsonld.Options.Expand)
  return { entities: entities as Record<string, unknown>[], events }
}

test('should write a CITATION.cff that the published schema takes, of one run and of several', () => {
  const isCitation = new Ajv({ strict: false, validateFormats: false }).compile(
    golden('cff-1.2.0-schema.json'),
  )
  const facts = artifactFacts()
  for (const manifests of [manifestsOf(facts), manifestsOf(facts).slice(0, 1)]) {
    const data = cffOf(citationFile(manifests, facts.authors, facts.license))
    assert.ok(isCitation(data), JSON.stringify(isCitation.errors))
    assert.ok(!isCitation({ ...data, authors: [] }), 'it would refuse a wrong one')
  }
  const both = cffOf(citationFile(manifestsOf(facts), facts.authors, null))
  assert.ok(!('version' in both) && String(both.title).includes(HOSTILE))
})

test('should write a codemeta.json and a crate of which every term is defined', async () => {
  const facts = artifactFacts()
  const codemeta = JSON.parse(codemetaFile(facts))
  const { entities, events } = await expanded(codemeta)
  assert.deepEqual(events, [])
  const [code] = entities
  assert.deepEqual(code!['@type'], ['http://schema.org/SoftwareSourceCode'])
  assert.deepEqual(code!['http://schema.org/license'], [{ '@id': facts.license }])
  assert.deepEqual(code!['https://codemeta.github.io/terms/readme'], [{ '@id': 'arcp://artifact/README.md' }])
  assert.match((await expanded({ ...codemeta, odd: 1 })).events.join(), /invalid property/, 'it would tell')

  const files = facts.runs.flatMap(({ bundle, means }) => [bundle, means!])
  const crate = await expanded(JSON.parse(artifactCrate(facts, files)))
  assert.deepEqual(crate.events, ['reserved term {"term":"@label"}'])
  const typed = (type: string) =>
    crate.entities.filter((entity) =>
      (entity['@type'] as string[] | undefined)?.includes(`http://schema.org/${type}`),
    )
  const actions = typed('CreateAction')
  assert.equal(actions.length, 2)
  const ids = new Set(crate.entities.map((entity) => entity['@id']))
  for (const action of actions)
    for (const property of ['instrument', 'result', 'agent'])
      for (const { '@id': id } of action[`http://schema.org/${property}`] as { '@id': string }[])
        assert.ok(ids.has(id), `${property} ${id} is in the crate`)
  assert.equal(typed('MediaObject').length, files.length)
})

test('should write a .zenodo.json by the rules of its fields', () => {
  const zenodo = JSON.parse(zenodoFile(artifactFacts()))
  assert.deepEqual(zenodo.creators, [
    { name: 'Doe, Jane', orcid: '0000-0002-1825-0097' },
    { name: 'The {SIR} and Co' },
  ])
  assert.deepEqual(
    [zenodo.upload_type, zenodo.access_right, zenodo.license, zenodo.version],
    ['dataset', 'open', 'cc-by-4.0', undefined],
  )
  assert.match(zenodo.publication_date, /^\d{4}-\d\d-\d\d$/)
  const tags = [...zenodo.description.matchAll(/<\/?([^ >]*)[^>]*>/g)].map(([, name]) => name)
  assert.deepEqual([...new Set(tags)].sort(), ['code', 'li', 'p', 'ul'])
  for (const license of [null, 'https://example.org/own-licence']) {
    const without = JSON.parse(zenodoFile(artifactFacts({ license })))
    assert.ok(!('license' in without) && !('access_right' in without))
  }
})

test('should keep hostile names and claims what they are in the README', () => {
  const point = { [HOSTILE]: HOSTILE }
  const place = {
    point,
    field: HOSTILE,
    mean: 1 / 3,
    standardError: 0.01,
    count: 9,
    chunks: [4, 7],
    value: '0.33',
  } as const
  const facts = artifactFacts({
    claims: [{ claim: `${HOSTILE}\n# Own heading\n| a | b |`, key: 'two-0123abcd', place }],
  })
  const text = artifactReadme(facts)
  assert.ok(!/<[a-z/!]/i.test(text.replace(/(?<!\\)`[^`\n]*`/g, '')), 'no HTML but in code')
  assert.ok(!/^# Own heading/m.test(text) && !text.includes('\u202e'))
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, words]) => words)
  assert.deepEqual(headings.slice(1), [
    ...[
      'What is here',
      'Claims',
      'Install',
      'Check',
      'Time, hardware, disk',
      'What a rerun shows',
      'Licence',
    ],
  ])
  const rows = text.split('\n').filter((line) => line.startsWith('| 1 |'))
  assert.equal(rows.length, 1)
  assert.equal(rows[0]!.replaceAll('\\|', '').split('|').length, 6, 'no cell is divided')
  assert.match(rows[0]!, /0\.333333 ± 0\.01 \(n = 9\); the paper has `0\.33`; from chunks 4 to 7/)
})

test('should claim of each run what is sure where its author claims nothing, and give plain commands', () => {
  const text = artifactReadme(artifactFacts({ license: null, tool: null, licenseFile: null }))
  assert.match(text, /\| 1 \| The means in one-0123abcd\.csv come from the 6 chunks/)
  assert.match(text, /^ {4}reprise verify two-0123abcd\.zip$/m)
  assert.match(text, /^ {4}reprise rerun two-0123abcd\.zip --sample 6$/m)
  assert.match(text, /No licence was given/)
  assert.match(text, /from a clone/)
  assert.match(text, /about 13 min/)
  assert.equal(
    text,
    artifactReadme(artifactFacts({ license: null, tool: null, licenseFile: null })),
    'the same again',
  )
})

test('should round what nobody can promise', () => {
  assert.deepEqual([0, 999, 1_000, 59_499, 754_000, 7_300_000, 360_000_000].map(roughTime), [
    'less than 1 s',
    'less than 1 s',
    'about 1 s',
    'about 59 s',
    'about 13 min',
    'about 2 h',
    'about 100 h',
  ])
  assert.deepEqual([0, 999, 1_234, 5_600_000, 2.5e13].map(roughBytes), [
    '0 bytes',
    '999 bytes',
    '1.2 kB',
    '5.6 MB',
    '25 TB',
  ])
})

test('should escape what Markdown would take for its own', () => {
  assert.equal(markdownText('a|b <i> [x](y) *z* `c`\nd'), 'a\\|b &lt;i&gt; \\[x\\](y) \\*z\\* \\`c\\` d')
  assert.equal(markdownCode('a`b|c\nd'), "`a'b\\|c d`")
})
