/** Second copies: of what others would be long about, from the end of what they have, never on the same host. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Holder, secondCopies } from '../../runners/twice.ts'

const NOW = 100_000
const never = () => false

function holder(given: Partial<Holder>): Holder {
  const process = { host: 'slow', latencyMs: 10 }
  return { process, outstanding: [], alone: false, chunkMs: 1_000, heardAt: NOW, begunAt: NOW, ...given }
}

const idle = holder({ process: { host: 'fast', latencyMs: 10 }, chunkMs: 100 })

test('should take the end of what a slow engine has, and leave it the beginning', () => {
  const slow = holder({ outstanding: [1, 2, 3, 4] })
  assert.deepEqual(secondCopies(idle, [idle, slow], never, NOW), [4, 3, 2, 1])
  const equal = holder({ process: { host: 'fast' }, chunkMs: 1_000 })
  assert.deepEqual(secondCopies(equal, [slow], never, NOW), [4])
})

test('should take what is worth it and what nobody took before', () => {
  const slow = holder({ outstanding: [1, 2, 3, 4] })
  assert.deepEqual(secondCopies(idle, [slow], (chunk) => chunk === 4, NOW).slice(0, 2), [3, 2])
  const soon = holder({ outstanding: [1], begunAt: NOW - 900 })
  assert.deepEqual(secondCopies(idle, [soon], never, NOW), [])
  assert.deepEqual(secondCopies(idle, [holder({ outstanding: [1], begunAt: NOW - 9_000 })], never, NOW), [1])
})

test('should take what a silent engine has, even where no time is known', () => {
  const silent = holder({ outstanding: [5], chunkMs: null, heardAt: NOW - 20_000 })
  assert.deepEqual(secondCopies({ ...idle, chunkMs: null }, [silent], never, NOW), [5])
  const unknown = holder({ outstanding: [5], chunkMs: null })
  assert.deepEqual(secondCopies({ ...idle, chunkMs: null }, [unknown], never, NOW), [])
})

test('should leave alone what is on this machine, on the same host, or under suspicion', () => {
  const outstanding = [1, 2, 3]
  const mates = [
    holder({ outstanding, process: {} }),
    holder({ outstanding, process: { host: 'fast' } }),
    holder({ outstanding, alone: true }),
  ]
  assert.deepEqual(secondCopies(idle, mates, never, NOW), [])
})
