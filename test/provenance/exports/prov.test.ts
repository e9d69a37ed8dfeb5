/** PROV-JSON: read and given back equal by Debian's python3-prov; and what it says, whoever reads it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { provJson } from '../../../provenance/exports/prov.ts'
import { type Manifest, manifestBytes } from '../../../provenance/manifest.ts'
import type { Scheduled } from '../../../provenance/scheduled.ts'
import { HOSTILE, sample } from './sample.ts'

/** The Python that has prov: Debian's own may not be the first in the path. */
const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import prov']).status === 0,
)
if (python === undefined)
  console.error('NOT CHECKED: no python3 has prov, so PROV-JSON was read by nobody else')

/** Reads a document, writes it as PROV-N (a warning is an error) and as JSON, reads that again and compares. */
const SCRIPT = `import json, sys, warnings
warnings.simplefilter('error')
from prov.model import ProvDocument
text = sys.stdin.buffer.read().decode('utf-8')
document = ProvDocument.deserialize(content=text)
again = document.serialize()
assert ProvDocument.deserialize(content=again) == document
print(json.dumps({'provn': document.get_provn(), 'json': json.loads(again)}))`

const COMMIT = 'c0ffee'.padEnd(40, '0')
const RUN = '20260101T000000000-0a0b0c'
const scheduled = (cluster: string | null): Scheduled => ({
  kind: 'slurm',
  cluster,
  tasks: 35,
  states: { completed: 35 },
  jobs: ['123'],
  nodes: [],
  started: null,
  ended: null,
  measured: { scheduler: 0, task: 0 },
  cpuMs: null,
  maxRssBytes: null,
})
const MANIFESTS: Readonly<Record<string, Manifest>> = {
  'as it is': sample(),
  'with a hostile name': sample({ document: { name: HOSTILE }, run: { file: HOSTILE, reprise: HOSTILE } }),
  'with inputs, a commit and a repeated run': sample({
    run: {
      inputs: { 'map.csv': 'aa'.repeat(32), 'copy.csv': 'aa'.repeat(32) },
      code: { commit: COMMIT, branch: 'main', dirty: true, changes: [] },
      rerunOf: { run: RUN, root: sample().results.root },
    },
  }),
  'executed by a scheduler': sample({
    run: { scheduled: [scheduled('lab'), scheduled(null), scheduled(HOSTILE)] },
  }),
  'with a key that signed': sample({ proof: { key: `jane@host+0a1b2c3d+${'A'.repeat(44)}` } }),
}

for (const [what, manifest] of Object.entries(MANIFESTS)) {
  test(`should be given back equal by python3-prov, ${what}`, {
    skip: python === undefined ? 'no python3 has prov' : false,
  }, () => {
    const text = provJson(manifest)
    const read = spawnSync(python!, ['-c', SCRIPT], { input: text, encoding: 'utf8', maxBuffer: 2 ** 26 })
    assert.equal(read.status, 0, read.stderr)
    assert.equal(read.stderr, '')
    const { provn, json } = JSON.parse(read.stdout)
    assert.match(provn, /^document\n[\s\S]*\nendDocument$/)
    assert.deepEqual(plain(json), plain(JSON.parse(text)))
  })
}

type Parts = Record<string, Record<string, Record<string, unknown>>>

/** Without what may differ: names of relations, and how a time or a number is written. */
function plain(document: Parts): unknown {
  const value = (item: unknown): unknown => {
    if (typeof item === 'string') return /^\d{4}-.*T.*(Z|\+00:00)$/.test(item) ? Date.parse(item) : item
    if (Array.isArray(item)) return item.map(value)
    const { $: inner, type } = (item ?? {}) as { $?: unknown; type?: string }
    return inner === undefined ? item : [inner, /^xsd:(int|long)$/.test(type!) ? 'integer' : type]
  }
  const attributes = (record: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(record)
        .sort()
        .map(([name, item]) => [name, value(item)]),
    )
  return Object.fromEntries(
    Object.entries(document)
      .sort()
      .map(([part, records]) => [
        part,
        part === 'prefix'
          ? records
          : Object.entries(records)
              .map(([id, record]) => JSON.stringify([id.startsWith('_:') ? '' : id, attributes(record)]))
              .sort(),
      ]),
  )
}

test('should say what the run used, made and repeated, by digests', () => {
  const manifest = MANIFESTS['with inputs, a commit and a repeated run']!
  const { used, wasGeneratedBy, wasDerivedFrom, alternateOf, wasInformedBy, entity } = JSON.parse(
    provJson(manifest),
  ) as Parts
  const run = `reprise:run/${manifest.run.id}`
  const file = `reprise:sha256/${createHash('sha256').update(manifestBytes(manifest)).digest('hex')}`
  const capsule = `reprise:sha256/${manifest.capsule.sha256}`
  const all = (part: Parts[string] | undefined) => Object.values(part ?? {})
  assert.deepEqual(
    all(used).map((record) => record['prov:entity']),
    [`reprise:experiment/${manifest.experiment.hash}`, capsule, `reprise:sha256/${'aa'.repeat(32)}`],
  )
  const made = all(wasGeneratedBy).filter((record) => record['prov:activity'] === run)
  assert.deepEqual(
    made.map((record) => record['prov:entity']),
    [`${run}/results`, file],
  )
  assert.deepEqual(all(wasDerivedFrom).at(-1), {
    'prov:generatedEntity': capsule,
    'prov:usedEntity': `reprise:commit/${COMMIT}`,
  })
  assert.equal(entity![`reprise:commit/${COMMIT}`]!['reprise:changedSince'], true)
  assert.deepEqual(all(wasInformedBy), [{ 'prov:informed': run, 'prov:informant': `reprise:run/${RUN}` }])
  assert.deepEqual(all(alternateOf), [
    { 'prov:alternate1': `${run}/results`, 'prov:alternate2': `reprise:run/${RUN}/results` },
  ])
  const other = sample({ run: { rerunOf: { run: RUN, root: '0'.repeat(64) } } })
  assert.equal(
    JSON.parse(provJson(other)).alternateOf,
    undefined,
    'results with another root are other results',
  )
})

test('should name a person by nothing but the key that signed', () => {
  const agents = (manifest: Manifest) => Object.keys(JSON.parse(provJson(manifest)).agent)
  assert.ok(agents(sample()).every((id) => id.startsWith('reprise:software/')))
  const signed = agents(MANIFESTS['with a key that signed']!)
  assert.deepEqual(
    signed.filter((id) => !id.startsWith('reprise:software/')),
    ['reprise:key/jane%40host%2B0a1b2c3d'],
  )
})

test('should name schedulers and their clusters, and none of their nodes', () => {
  const { agent, wasAssociatedWith } = JSON.parse(provJson(MANIFESTS['executed by a scheduler']!)) as Parts
  assert.deepEqual(agent!['reprise:scheduler/slurm/lab'], {
    'prov:label': 'slurm cluster lab',
    'prov:type': { $: 'prov:SoftwareAgent', type: 'prov:QUALIFIED_NAME' },
    'reprise:tasks': { $: 35, type: 'xsd:int' },
  })
  assert.equal(agent!['reprise:scheduler/slurm']!['prov:label'], 'slurm')
  const associated = Object.values(wasAssociatedWith!).map((record) => record['prov:agent'])
  assert.equal(associated.filter((id) => String(id).startsWith('reprise:scheduler/slurm')).length, 3)
})
