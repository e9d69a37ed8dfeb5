/** Where two runs were executed: machines, variables, probes, and fingerprints by themselves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentChanges, fingerprintDiff } from '../../lab/diff-environment.ts'
import type { RunRecord } from '../../provenance/manifest.ts'

const MACHINE = { node: 'v20.20.2', v8: '11', icu: '78', os: 'Debian', kernel: '6', arch: 'x64', cpu: 'A', cores: 2, memory: 8 } // biome-ignore format: a row of words

function runOn(changed: object = {}, run: object = {}, recorded: object = {}): RunRecord {
  const machine = { ...MACHINE, ...changed }
  const engine = { ...machine, flags: [], fingerprint: { 'Math.sin': 's', sorting: 't' } }
  return {
    sessions: [{ environment: machine, variables: { recorded, others: ['HOME'] } }],
    environments: [{ environment: engine, chunks: 1 }],
    math: 'portable',
    ...run,
  } as unknown as RunRecord
}
const told = (left: RunRecord, right: RunRecord) =>
  environmentChanges(left, right).map(({ what, left: l, right: r }) => [what, l, r])

test('should tell the machine key by key, and engines only where they tell more', () => {
  assert.deepEqual(told(runOn(), runOn()), [])
  assert.deepEqual(told(runOn(), runOn({ node: 'v24.0.0', libc: 'glibc 2.36' })), [
    ['node', 'v20.20.2', 'v24.0.0'],
    ['libc', null, 'glibc 2.36'],
  ])
})

test('should tell the values of variables that are recorded', () => {
  assert.deepEqual(told(runOn({}, {}, { TZ: 'UTC' }), runOn({}, {}, { TZ: 'Asia/Tokyo' })), [
    ['variable TZ', 'UTC', 'Asia/Tokyo'],
  ])
})

test('should tell where the output of a probe differs, whatever its length', () => {
  const lines = Array.from({ length: 300 }, (_, i) => `package${i}==1.0`)
  const probe = (text: string | null, sha256: string, exit = 0) => ({
    probes: [
      {
        name: 'packages',
        argv: ['pip'],
        exit,
        failure: null,
        sha256,
        text,
        sessions: [1],
        environments: [0],
      },
    ],
  })
  const [left, right] = [lines.join('\n'), lines.join('\n').replace('package200==1.0', 'package200==1.1')]
  const [[what, l, r]] = told(
    runOn({}, probe(left, 'a'.repeat(64))),
    runOn({}, probe(right, 'b'.repeat(64))),
  ) as [[string, string, string]]
  assert.equal(what, 'probe packages')
  assert.match(l, /^….*package200==1\.0, package201/)
  assert.match(r, /^….*package200==1\.1, package201/)
  assert.equal(told(runOn({}, probe('x', 'a'.repeat(64))), runOn({}, probe('x\n', 'b'.repeat(64)))).length, 1)
  assert.equal(told(runOn({}, probe(null, 'a'.repeat(64))), runOn({}, probe(null, 'b'.repeat(64)))).length, 1)
  assert.match(String(told(runOn(), runOn({}, probe('no', 'c'.repeat(64), 3)))[0]?.[2]), /^exit code 3/)
})

test('should tell fingerprints by name, with what each matters to', () => {
  const other = (fingerprint: object, run: object = {}) =>
    runOn({}, { environments: [{ environment: { ...MACHINE, flags: [], fingerprint }, chunks: 1 }], ...run })
  assert.deepEqual(fingerprintDiff(runOn(), runOn()), { compared: true, differing: [], uncompared: [] })
  const { differing, uncompared } = fingerprintDiff(
    runOn(),
    other({ 'Math.sin': 'x', sorting: 'y', '**': 'z' }),
  )
  assert.deepEqual(
    differing.map(({ name }) => name),
    ['Math.sin', 'sorting'],
  )
  assert.match(differing[0]!.matters, /portable Math: matters to every result/)
  assert.deepEqual(uncompared, ['**'])
  const native = fingerprintDiff(runOn(), other({ 'Math.sin': 'x' }, { math: 'native' }))
  assert.match(native.differing[0]!.matters, /follows from math: jobs met portable Math in one run, native/)
  assert.equal(fingerprintDiff(runOn(), runOn({}, { environments: undefined })).compared, false)
})
