/** Environments: what engines say is read strictly, and each has a name that tells it from the others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCanonical } from '../../lib/canonical.ts'
import { utf8 } from '../../lib/digest.ts'
import {
  type EngineEnvironment,
  environmentNames,
  environmentText,
  flatEnvironment,
  readEnvironment,
} from '../../lib/environment.ts'

const PLAIN: EngineEnvironment = {
  node: 'v20.20.2',
  v8: '11.3',
  icu: '78',
  os: 'Debian',
  kernel: '6.1',
  arch: 'x64',
  cpu: 'Some CPU',
  cores: 2,
  memory: 2 ** 33,
  flags: [],
  fingerprint: { 'Math.pow': '00ff' },
}

test('should read what an engine says of itself, and nothing that it adds', () => {
  assert.deepEqual(readEnvironment({ ...PLAIN, host: 'ada-laptop', user: 'ada' }), PLAIN)
})

test('should be one where many engines say the same, and another where they do not', () => {
  const told = () => structuredClone(PLAIN)
  assert.equal(readEnvironment(told()), readEnvironment({ ...told(), host: 'other' }))
  const others = Array.from({ length: 300 }, (_, i) => readEnvironment({ ...told(), kernel: `6.${i}` }))
  assert.deepEqual(others[299], { ...PLAIN, kernel: '6.299' })
  assert.deepEqual(readEnvironment({ ...told(), kernel: '6.0' }), others[0])
  assert.equal(new Set(others.map((environment) => environmentText(environment, ''))).size, 300)
})

const FULL: EngineEnvironment = {
  ...PLAIN,
  libc: 'glibc 2.36 (Debian GLIBC 2.36-9)',
  cpuFlags: ['avx2', 'fma'],
  binary: 'ab'.repeat(32),
}

test('should read library, abilities and executable where they are told', () => {
  assert.deepEqual(readEnvironment(FULL), FULL)
  assert.deepEqual(parseCanonical(utf8(environmentText(FULL, ''))), FULL)
  const others: EngineEnvironment[] = [
    { ...FULL, libc: 'musl 1.2.3' },
    { ...FULL, cpuFlags: ['avx2'] },
    { ...FULL, binary: 'cd'.repeat(32) },
  ]
  for (const other of others) assert.notEqual(environmentText(other, ''), environmentText(FULL, ''))
})

test('should take nonsense for silence', () => {
  const nonsense: unknown[] = [
    undefined,
    null,
    'v20',
    {},
    { ...PLAIN, node: 20 },
    { ...PLAIN, cpu: 'x'.repeat(301) },
    { ...PLAIN, os: '\ud800' },
    { ...PLAIN, cores: 1.5 },
    { ...PLAIN, memory: -1 },
    { ...PLAIN, flags: '--jitless' },
    { ...PLAIN, flags: [1] },
    { ...PLAIN, flags: Array.from({ length: 501 }, () => '-x') },
    { ...PLAIN, libc: 2.36 },
    { ...PLAIN, libc: '\ud800' },
    { ...PLAIN, cpuFlags: 'avx' },
    { ...PLAIN, cpuFlags: [null] },
    { ...PLAIN, binary: 'ab' },
    { ...PLAIN, binary: ['ab'.repeat(32)] },
    { ...PLAIN, fingerprint: undefined },
    { ...PLAIN, fingerprint: null },
    { ...PLAIN, fingerprint: { pow: 1 } },
    { ...PLAIN, fingerprint: { $float64: '' } },
    { ...PLAIN, fingerprint: JSON.parse('{"__proto__":"x"}') },
  ]
  for (const told of nonsense) assert.equal(readEnvironment(told), null, JSON.stringify(told)?.slice(0, 200))
})

test('should give one text to one environment, whatever the order of its keys', () => {
  const turned = Object.fromEntries(Object.entries(PLAIN).reverse()) as unknown as EngineEnvironment
  assert.equal(environmentText(PLAIN, ''), environmentText(turned, ''))
  assert.notEqual(environmentText(PLAIN, ''), environmentText({ ...PLAIN, flags: ['--jitless'] }, ''))
  assert.deepEqual(parseCanonical(utf8(environmentText(PLAIN, ''))), PLAIN)
  assert.equal(environmentText(null, 'v20.1.0'), '{"node":"v20.1.0"}')
})

test('should call environments by what tells them apart', () => {
  const jitless = { ...PLAIN, flags: ['--jitless'] }
  assert.deepEqual(environmentNames([PLAIN, jitless, { node: 'v18' }, null]), [
    'Node v20.20.2 x64',
    'Node v20.20.2 x64 --jitless',
    'Node v18',
    'unknown',
  ])
  const other = { ...PLAIN, cpu: 'Another', fingerprint: { 'Math.pow': 'ff00' } }
  assert.deepEqual(environmentNames([PLAIN, other]), [
    'Node v20.20.2 x64 (cpu Some CPU, fingerprint of Math.pow 00ff)',
    'Node v20.20.2 x64 (cpu Another, fingerprint of Math.pow ff00)',
  ])
  const rebuilt = { ...FULL, binary: 'cd'.repeat(32) }
  assert.deepEqual(environmentNames([FULL, rebuilt]), [
    `Node v20.20.2 x64 (binary ${'ab'.repeat(25)}…)`,
    `Node v20.20.2 x64 (binary ${'cd'.repeat(25)}…)`,
  ])
  assert.deepEqual(environmentNames([PLAIN, PLAIN]), ['Node v20.20.2 x64', 'Node v20.20.2 x64'])
})

test('should lay an environment out flat', () => {
  assert.deepEqual(flatEnvironment({ node: 'v18' }), { node: 'v18', flags: '' })
  const flat = flatEnvironment({ ...PLAIN, flags: ['--jitless', '--no-opt'] })
  assert.equal(flat.flags, '--jitless --no-opt')
  assert.equal(flat['fingerprint of Math.pow'], '00ff')
  assert.equal(flat.cores, 2)
  assert.ok(!('cpuFlags' in flat))
  const full = flatEnvironment(FULL)
  assert.deepEqual([full.cpuFlags, full.libc, full.binary], ['avx2 fma', FULL.libc, FULL.binary])
})
