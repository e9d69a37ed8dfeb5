/** What is told with every verdict. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunRecord } from '../../provenance/manifest.ts'
import { warningsOf } from '../../provenance/warnings.ts'

const run = (more: Partial<RunRecord>) => warningsOf(more as RunRecord)
const touch = (kind: string, name: string, place: string) => ({ kind, name, caller: '', place })

test('should warn of nothing where Math is portable and nothing was touched', () => {
  assert.deepEqual(run({ math: 'portable', guard: 'record', touched: [] }), [])
})

test('should warn of the platform’s Math, also in a record that is older than the word', () => {
  for (const more of [{ math: 'native' } as const, {}]) assert.match(run(more).join(), /platform's own Math/)
})

test('should name each kind that was touched, with a place', () => {
  const touched = [
    touch('clock', 'Date.now', 'a.ts:1:2'),
    touch('files', 'fs.stat', 'b.ts:3:4'),
    touch('clock', 'new Date', 'a.ts:5:6'),
  ]
  const [only, ...more] = run({ math: 'portable', guard: 'record', touched })
  assert.match(
    only!,
    /elsewhere: clock \(Date\.now at a\.ts:1:2 and 1 more\), files \(fs\.stat at b\.ts:3:4\)$/,
  )
  assert.deepEqual(more, [])
  assert.match(run({ math: 'portable', guard: 'deny', touched })[0]!, /failed the jobs/)
})
