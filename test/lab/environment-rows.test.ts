/** Rows about where an execution took place: what is known, cut to a line whatever a record holds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packageWords, platformRows, probeRows, surroundingsRows } from '../../lab/environment-rows.ts'
import type { ProbeRecord, SessionEnvironment } from '../../provenance/manifest.ts'

const LONG = 'x'.repeat(10_000)

test('should tell nothing where nothing is known', () => {
  assert.deepEqual([platformRows({}), surroundingsRows({}), probeRows([])], [[], [], []])
  assert.equal(packageWords([]), '0 packages')
})

test('should tell platform, container, job and variables in a row each', () => {
  const binary = 'ab'.repeat(32)
  assert.deepEqual(platformRows({ libc: 'glibc 2.36', cpuFlags: ['avx2', 'fma', 'sse2'], binary }), [
    ['C library', 'glibc 2.36'],
    ['vectors', 'avx2 fma'],
    ['executable', `Node with SHA-256 ${binary}`],
  ])
  const environment: Partial<SessionEnvironment> = {
    container: { kind: 'podman', image: 'docker.io/library/node:20', digest: binary },
    slurm: { job: '12', arrayJob: '10', arrayTask: '2', nodeCount: '2', nodes: 'n[1-2]', cpusPerTask: '4' },
  }
  assert.deepEqual(surroundingsRows(environment, { recorded: { LANG: 'C', TZ: 'UTC' }, others: ['HOME'] }), [
    ['container', `podman, image docker.io/library/node:20, SHA-256 ${binary}`],
    ['Slurm', 'job 12, task 2, of array 10, number of nodes 2, nodes n[1-2], CPUs a task 4'],
    ['variables', 'LANG=C TZ=UTC, 1 other by name alone'],
  ])
  const named = { kind: 'podman', image: `x@sha256:${binary}`, digest: binary } as const
  assert.deepEqual(surroundingsRows({ container: named }), [
    ['container', `podman, image x@sha256:${binary}`],
  ])
})

test('should cut what is long and count what is many', () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`V${i}`, LONG]))
  const rows = [
    ...platformRows({ libc: LONG, cpuFlags: Array.from({ length: 500 }, () => 'avx') }),
    ...surroundingsRows(
      { container: { kind: 'other', image: LONG }, slurm: { job: LONG, nodes: LONG } },
      { recorded: many, others: [] },
    ),
  ]
  for (const [name, words] of rows) assert.ok(words!.length < 1_200, `${name}: ${words!.length}`)
  assert.match(rows.at(-1)![1]!, / and 20 more, 0 others by name alone$/)
  const licenses = Array.from({ length: 12 }, (_, i) => ({
    name: `p${i}`,
    version: '1',
    license: `${i}${LONG}`,
  }))
  assert.match(packageWords(licenses), /^12 packages \(0x+…, .*, 2 more\)$/)
  const probe: ProbeRecord = {
    name: LONG,
    argv: ['x'],
    exit: null,
    failure: LONG,
    sha256: null,
    text: null,
    sessions: [1],
    environments: [],
  }
  const told = probeRows(Array.from({ length: 25 }, () => probe))
  assert.equal(told.length, 21)
  assert.deepEqual(told[20], ['probe', 'and 5 other outputs'])
  assert.ok(told[0]![1]!.length < 300)
})

test('should list licences once each, in order', () => {
  const packages = ['MIT', 'ISC', undefined, 'MIT'].map((license, i) => ({
    name: `p${i}`,
    version: '1',
    ...(license === undefined ? {} : { license }),
  }))
  assert.equal(packageWords(packages), '4 packages (ISC, MIT)')
})
