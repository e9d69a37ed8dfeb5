/** What a manifest says of a scheduler: as FORMAT.md has it, with what later versions add; and nothing of another shape. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { MAX_JOBS, MAX_NODES, type Scheduled } from '../../provenance/scheduled.ts'
import { verifyManifest } from '../../provenance/verify.ts'
import { forged } from './record.ts'

const GOLDEN = readFileSync(new URL('../../../test/golden/manifest-0.1.0.json', import.meta.url))
const FORMAT = readFileSync(new URL('../../../FORMAT.md', import.meta.url), 'utf8')

const NODE = { name: 'n1', tasks: 2, engines: 4, chunks: 6, environments: [0] }
const SCHEDULED: Scheduled = {
  kind: 'slurm',
  cluster: 'lab',
  tasks: 3,
  states: { completed: 2, 'node-fail': 1 },
  jobs: ['123'],
  nodes: [NODE],
  started: '2026-11-27T10:00:00.000Z',
  ended: '2026-11-27T10:02:00.000Z',
  measured: { scheduler: 2, task: 1 },
  cpuMs: 300_000,
  maxRssBytes: 96_000_000,
  images: [`docker.io/library/node@sha256:${'a'.repeat(64)}`],
}

/** The golden manifest, with this in its run record. */
const recorded = (scheduled: unknown) =>
  forged(parseManifest(GOLDEN), ({ run }) => {
    run.scheduled = scheduled
  })

test('should be valid as it is documented, and with what is not known', () => {
  const { jobs, nodes, started, ended, cpuMs, maxRssBytes, cluster, images, ...rest } = SCHEDULED
  const nothing = {
    jobs: null,
    nodes: null,
    started: null,
    ended: null,
    cpuMs: null,
    maxRssBytes: null,
    cluster: null,
  }
  const later = { ...SCHEDULED, more: 1, states: { hibernated: 3 }, nodes: [{ ...NODE, more: 1 }] }
  for (const told of [
    [SCHEDULED],
    [{ ...rest, ...nothing }],
    [{ ...SCHEDULED, images: null }],
    [later, SCHEDULED],
    [],
  ]) {
    const { problems, manifest } = verifyManifest(recorded(told))
    assert.deepEqual(problems, [], JSON.stringify(told))
    assert.deepEqual(manifest?.run.scheduled, told)
  }
})

test('should have exactly the keys that FORMAT.md lists', () => {
  const rows = FORMAT.slice(FORMAT.indexOf('**9.13**'), FORMAT.indexOf('## 10.')).match(/^\| `.*?\|/gm)!
  const keys = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, key]) => key!))
  assert.deepEqual(keys.toSorted(), Object.keys(SCHEDULED).toSorted())
  const listed = /\| `scheduled` \|.*`\[(\{.*?\}), …\]`/.exec(FORMAT)![1]!
  assert.deepEqual([...listed.matchAll(/"(\w+)"/g)].map(([, key]) => key!).toSorted(), keys.toSorted())
  const node = /\| `nodes` \| `\[(\{.*?\}), …\]`/.exec(FORMAT)![1]!
  assert.deepEqual(
    [...node.matchAll(/"(\w+)"/g)].map(([, key]) => key),
    Object.keys(NODE),
  )
})

test('should be refused in any other shape', () => {
  const without = (key: string) =>
    Object.fromEntries(Object.entries(SCHEDULED).filter(([name]) => name !== key))
  const wrong: readonly unknown[] = [
    SCHEDULED,
    [null],
    ...Object.keys(SCHEDULED).flatMap((key) => (key === 'images' ? [] : [[without(key)]])), // records of before have none
    ...[
      { kind: 5 },
      { cluster: ['lab'] },
      { tasks: -1 },
      { states: { completed: 'many' } },
      { states: [1] },
      { jobs: '123' },
      { jobs: new Array(MAX_JOBS + 1).fill('1') },
      { nodes: ['n1'] },
      { nodes: [{ ...NODE, environments: [-1] }] },
      { nodes: [{ ...NODE, name: null }] },
      { nodes: new Array(MAX_NODES + 1).fill(NODE) },
      { started: 0 },
      { measured: { scheduler: 1 } },
      { images: 'node' },
      { images: [1] },
      { images: Array(101).fill('node') },
      { cpuMs: 0.5 },
      { maxRssBytes: '96 MB' },
      { kind: 'x'.repeat(10_001) },
    ].map((change) => [{ ...SCHEDULED, ...change }]),
  ]
  for (const told of wrong) {
    const { valid, problems } = verifyManifest(recorded(told))
    assert.equal(valid, false, JSON.stringify(told).slice(0, 200))
    assert.match(JSON.stringify(problems), /run\.scheduled/)
  }
})
