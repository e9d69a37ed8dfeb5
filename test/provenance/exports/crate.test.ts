/**
 * RO-Crate metadata: read by somebody else's JSON-LD processor with the published context (in golden/, so that no test
 * asks the network), and held against what the profiles say MUST be.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import jsonld from 'jsonld'
import { crateMetadata, MOST_ACTIONS } from '../../../provenance/exports/crate.ts'
import type { Manifest } from '../../../provenance/manifest.ts'
import { GOLDEN } from '../../golden/vectors.ts'
import { filesOf, HOSTILE, sample } from './sample.ts'

type Entity = Record<string, unknown> & { '@id': string; '@type': string | string[] }

const WFRUN = 'https://w3id.org/ro/terms/workflow-run'
/** The profile's context has more terms; this is the one that a crate of ours uses. */
const CONTEXTS: Readonly<Record<string, object>> = {
  'https://w3id.org/ro/crate/1.1/context': JSON.parse(
    readFileSync(new URL('ro-crate-1.1-context.json', GOLDEN), 'utf8'),
  ),
  [`${WFRUN}/context`]: { '@context': { sha256: `${WFRUN}#sha256` } },
}

function graphOf(manifest: Manifest, results = true): Entity[] {
  const text = crateMetadata({ manifest, files: filesOf(manifest, results), authors: [], license: null })
  return JSON.parse(text)['@graph']
}

const typed = (graph: readonly Entity[], type: string) =>
  graph.filter((entity) => [entity['@type']].flat().includes(type))
const idsOf = (value: unknown): string[] => [value ?? []].flat().map((item) => (item as Entity)['@id'])

test('should be JSON-LD of which every term is defined', async () => {
  const manifest = sample({ document: { name: HOSTILE } })
  const document = JSON.parse(
    crateMetadata({ manifest, files: filesOf(manifest), authors: [], license: null }),
  )
  const documentLoader = async (url: string) => {
    assert.ok(url in CONTEXTS, `asked for ${url}`)
    return { document: CONTEXTS[url]!, documentUrl: url }
  }
  let events: string[] = []
  const eventHandler = ({ event, next }: { event: { code: string; details: object }; next: () => void }) => {
    events.push(`${event.code} ${JSON.stringify(event.details).slice(0, 200)}`)
    next()
  }
  const options = { base: 'arcp://crate/', documentLoader, eventHandler }
  const expanded = await jsonld.expand(document, options as jsonld.Options.Expand)
  assert.deepEqual(events, ['reserved term {"term":"@label"}'], 'all it tells is of the published context')
  events = []
  await jsonld.expand({ ...document, '@graph': [{ '@id': 'x', odd: 1 }] }, options as jsonld.Options.Expand)
  assert.match(events.join(), /invalid property/, 'it would tell of a term that is not defined')
  const entities = expanded as unknown as Record<string, { '@id'?: string; '@value'?: unknown }[]>[]
  assert.equal(entities.length, document['@graph'].length)
  const root = entities.find((entity) => (entity['@id'] as unknown as string) === 'arcp://crate/')!
  const profiles = root['http://purl.org/dc/terms/conformsTo']!.map((item) => item['@id'])
  assert.ok(profiles.includes('https://w3id.org/ro/wfrun/provenance/0.5'))
  assert.ok(String(root['http://schema.org/name']![0]!['@value']).startsWith(HOSTILE))
  const digests = entities.flatMap((entity) => entity[`${WFRUN}#sha256`] ?? [])
  assert.equal(digests.length, filesOf(manifest).length)
})

const DESIGNS: Readonly<Record<string, Manifest>> = {
  'a factorial design': sample(),
  'listed points with every kind of value': sample({
    document: {
      design: {
        points: [
          { 'a b/ü': 1, c: null },
          { 'a b/ü': 0.5, c: [1, 'x'] },
          { 'a b/ü': 'x', c: { d: true } },
        ],
      },
    },
  }),
  'no parameter': sample({ document: { design: { product: [] } } }),
  'inputs, two of them the same file': sample({
    run: { inputs: { 'map.csv': 'aa'.repeat(32), 'copy.csv': 'aa'.repeat(32), other: 'bb'.repeat(32) } },
  }),
  'more chunks than are told': sample({
    document: { repetitions: MOST_ACTIONS + 1, chunk: 1, design: { product: [] } },
  }),
}

for (const [what, manifest] of Object.entries(DESIGNS)) {
  for (const results of [true, false]) {
    test(`should hold what the profiles ask for with ${what}, ${results ? 'with' : 'without'} results`, () => {
      const graph = graphOf(manifest, results)
      const ids = graph.map((entity) => entity['@id'])
      assert.deepEqual(
        ids.filter((id, i) => ids.indexOf(id) !== i),
        [],
        'no entity comes twice',
      )
      for (const entity of graph) {
        for (const [name, value] of Object.entries(entity)) {
          if (name === '@id' || name === '@type') continue
          for (const item of [value].flat()) {
            const id = (item as Entity)['@id']
            if (id !== undefined && !/^https?:/.test(id))
              assert.ok(ids.includes(id), `${entity['@id']} ${name} ${id}`)
          }
          assert.ok(
            !Array.isArray(value) || value.length > 1,
            `${entity['@id']} ${name} is a list of one or none`,
          )
        }
      }
      const root = graph.find((entity) => entity['@id'] === './')!
      for (const name of ['name', 'description', 'datePublished', 'license', 'conformsTo', 'mainEntity'])
        assert.ok(root[name] !== undefined, name)
      assert.deepEqual(
        idsOf(root.hasPart).sort(),
        filesOf(manifest, results)
          .map(({ path }) => path)
          .sort(),
      )
      const [workflow] = typed(graph, 'ComputationalWorkflow')
      assert.deepEqual([root.mainEntity], [{ '@id': workflow!['@id'] }])
      for (const action of typed(graph, 'CreateAction')) assert.equal(idsOf(action.instrument).length, 1)
      assert.equal(
        typed(graph, 'CreateAction').filter((action) => idsOf(action.instrument)[0] === workflow!['@id'])
          .length,
        1,
      )
      for (const parameter of typed(graph, 'FormalParameter')) {
        assert.ok(parameter.additionalType !== undefined)
        assert.ok(
          graph.some((entity) => idsOf(entity.exampleOfWork).includes(parameter['@id'])),
          `${parameter['@id']} has an example`,
        )
      }
    })
  }
}

test('should tell every chunk with its point and its leaf', () => {
  const factors = [
    { name: 'a', values: [1, 2] },
    { name: 'b', values: ['x', 'y', 'z'] },
  ]
  const manifest = sample({ document: { design: { product: factors } } })
  const graph = graphOf(manifest)
  const byId = new Map(graph.map((entity) => [entity['@id'], entity]))
  const chunks = graph.filter((entity) => /^#chunk-\d+$/.test(entity['@id']))
  assert.equal(chunks.length, manifest.results.chunks)
  const last = chunks.at(-1)!
  const point = idsOf(last.object).map((id) => [byId.get(id)!.name, byId.get(id)!.value])
  assert.deepEqual(point, [
    ['a', 2],
    ['b', 'z'],
  ])
  assert.equal(byId.get(idsOf(last.result)[0]!)!.value, (manifest.results.leaves as string[]).at(-1))
  const [control] = typed(graph, 'ControlAction')
  assert.deepEqual(
    idsOf(control!.object),
    chunks.map((entity) => entity['@id']),
  )
  const [step] = typed(graph, 'HowToStep')
  assert.deepEqual(
    [idsOf(control!.instrument), idsOf(step!.workExample)],
    [[step!['@id']], ['#execute-chunk']],
  )
  for (const session of typed(graph, 'OrganizeAction')) {
    assert.deepEqual([idsOf(session.instrument), idsOf(session.object)], [['#reprise'], [control!['@id']]])
    assert.deepEqual(idsOf(session.result), [`#run-${manifest.run.id}`])
  }
})

test('should claim the provenance profile only where it tells every chunk', () => {
  const profilesOf = (manifest: Manifest) =>
    idsOf(graphOf(manifest).find((entity) => entity['@id'] === './')!.conformsTo)
  const chunks = (n: number) => sample({ document: { repetitions: n, chunk: 1, design: { product: [] } } })
  assert.equal(profilesOf(chunks(MOST_ACTIONS)).at(-1), 'https://w3id.org/ro/wfrun/provenance/0.5')
  assert.equal(profilesOf(chunks(MOST_ACTIONS + 1)).at(-1), 'https://w3id.org/ro/wfrun/workflow/0.5')
  const graph = graphOf(chunks(MOST_ACTIONS + 1))
  assert.ok(graph.length < 100)
  assert.deepEqual(
    ['OrganizeAction', 'ControlAction', 'HowTo'].flatMap((type) => typed(graph, type)),
    [],
  )
})

test('should name nobody and grant nothing that was not said', () => {
  const manifest = sample()
  const graph = graphOf(manifest)
  assert.deepEqual(typed(graph, 'Person'), [])
  assert.match(
    String(graph.find((entity) => entity['@id'].includes('no-permission'))!.description),
    /ask its authors/,
  )
  const author = { name: 'Jane Doe', family: 'Doe', given: 'Jane', orcid: null }
  const license = 'https://spdx.org/licenses/CC-BY-4.0'
  const said = JSON.parse(crateMetadata({ manifest, files: filesOf(manifest), authors: [author], license }))[
    '@graph'
  ] as Entity[]
  const root = said.find((entity) => entity['@id'] === './')!
  assert.deepEqual([root.license, root.author], [{ '@id': license }, { '@id': '#author-1' }])
  for (const action of typed(said, 'CreateAction')) assert.deepEqual(action.agent, { '@id': '#author-1' })
})
