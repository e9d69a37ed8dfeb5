/** Probes in the record: each output once, with who gave it; and what is said where today's are others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onceEach, probedBody, probeFailures, probeStatement, probesOf } from '../../lab/probes.ts'
import type { EventKind, RunEvent } from '../../lab/results.ts'
import { environmentText } from '../../lib/environment.ts'
import type { ProbeOutcome } from '../../lib/probe.ts'
import { ownEnvironment } from '../../runners/environment.ts'

const outcome = (name: string, text: string | null, more: Partial<ProbeOutcome> = {}): ProbeOutcome => ({
  name,
  argv: [name, '--version'],
  exit: 0,
  failure: null,
  sha256: (text ?? 'none').padEnd(64, '0').replace(/[^0-9a-f]/g, '1'),
  text,
  ...more,
})
const PYTHON = outcome('python', 'Python 3.11')
const NEWER = outcome('python', 'Python 3.12')
const LIST = outcome('list', 'a\nb\n')
const LOST = outcome('gone', null, { exit: null, failure: 'took longer than 30 s', sha256: null })

const own = ownEnvironment()
const other = { ...own, flags: ['--jitless'] }
const probed = (environment: typeof own, outcomes: readonly ProbeOutcome[]) =>
  ({
    kind: 'probed',
    body: probedBody({ engine: 1, environment: environmentText(environment, ''), outcomes }),
  }) as const
const STARTED = { kind: 'started', body: {} } as const
const events = (list: readonly { kind: EventKind; body: RunEvent['body'] }[]): RunEvent[] =>
  list.map((event, i) => ({ ...event, seq: i + 1, time: '' }))
const EXECUTED = [own, other].map((environment) => ({ environment, chunks: 1 }))

test('should tell each output once, with its sessions and environments', () => {
  const told = events([
    STARTED,
    probed(own, [PYTHON, LIST]),
    STARTED,
    probed(other, [PYTHON, LIST]),
    probed(own, [NEWER, LOST]),
    STARTED,
    probed({ ...own, flags: ['--executed-nothing'] }, [PYTHON]),
  ])
  assert.deepEqual(probesOf(told, EXECUTED), [
    { ...LOST, sessions: [2], environments: [0] },
    { ...LIST, sessions: [1, 2], environments: [0, 1] },
    { ...PYTHON, sessions: [1, 2, 3], environments: [0, 1] },
    { ...NEWER, sessions: [2], environments: [0] },
  ])
  assert.deepEqual(probesOf(events([STARTED]), EXECUTED), [])
  assert.deepEqual(probesOf(told, [{ environment: null, chunks: 1 }])[2]!.environments, [])
})

test('should keep a megabyte of text and not more', () => {
  const long = (i: number) => outcome(`p${10 + i}`, String(i).padStart(65_536, 'x'))
  const outcomes = Array.from({ length: 17 }, (_, i) => long(i))
  const told = probesOf(events([STARTED, probed(own, outcomes)]), EXECUTED)
  assert.deepEqual(
    told.map(({ text }) => text === null),
    told.map((_, i) => i === 16),
  )
  assert.equal(told[16]!.sha256, outcomes[16]!.sha256)
})

test('should say where probes of today are others than those recorded', () => {
  const recorded = probesOf(events([STARTED, probed(own, [PYTHON, LIST, LOST])]), EXECUTED)
  const cases: [ProbeOutcome[], string[], boolean][] = [
    [[PYTHON, LIST, LOST], ['all 3 probes give what was recorded'], false],
    [[PYTHON], ['the probe gives what was recorded'], false],
    [[], [], false],
    [[outcome('unknown', 'x')], [], false],
    [[NEWER, LIST], ['probe python: recorded Python 3.11; here Python 3.12'], true],
    [[{ ...PYTHON, exit: 1 }], ['probe python: recorded Python 3.11; here exit code 1: Python 3.11'], true],
    [
      [{ ...PYTHON, ...LOST, name: 'python' }],
      ['probe python: recorded Python 3.11; here took longer than 30 s'],
      true,
    ],
  ]
  for (const [outcomes, lines, differ] of cases)
    assert.deepEqual(probeStatement(recorded, outcomes), { lines, differ })
  const both = probesOf(events([STARTED, probed(own, [PYTHON]), STARTED, probed(own, [NEWER])]), EXECUTED)
  assert.equal(probeStatement(both, [NEWER]).differ, false)
  assert.match(
    probeStatement(both, [outcome('python', 'x')]).lines[0]!,
    /recorded Python 3.11 or Python 3.12;/,
  )
  assert.deepEqual(probeStatement([], [PYTHON]), { lines: [], differ: false })
})

test('should tell failures, and ask each environment once', () => {
  assert.deepEqual(probeFailures([PYTHON, LOST, { ...LIST, exit: 2 }]), [
    'probe gone failed: took longer than 30 s',
    'probe list failed: exit code 2: a (2 lines, SHA-256 a1b10000…)',
  ])
  const wants = onceEach()
  assert.deepEqual([wants('a'), wants('b'), wants('a'), onceEach()('a')], [true, true, false, true])
})
