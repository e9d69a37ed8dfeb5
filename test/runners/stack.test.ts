/** Who called, out of stack traces as V8 and Firefox write them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { callerIn, callerOf, placeOf } from '../../runners/stack.ts'

const V8 = `Error: here
    at Array.map (<anonymous>)
    at new Promise (<anonymous>)
    at Object.run (file:///home/someone/.reprise/capsules/abc.mjs:12:7)
    at async executeChunk (file:///home/someone/.reprise/capsules/abc.mjs:90:1)`
const FIREFOX = `pick@blob:https://host/0f-1a:12:7
run@blob:https://host/0f-1a:90:1`

const CASES: [string, string, string, string, string][] = [
  ['V8', V8, 'file:///home/someone/.reprise/capsules/abc.mjs', 'run', 'abc.mjs:12:7'],
  ['Firefox', FIREFOX, 'blob:https://host/0f-1a', 'pick', '0f-1a:12:7'],
  ['a frame without a name', '    at /a/b.mjs:3:4', '/a/b.mjs', '', 'b.mjs:3:4'],
  ['a Windows path', '    at f (C:\\a\\b.mjs:3:4)', 'C:\\a\\b.mjs', 'f', 'b.mjs:3:4'],
  ['a constructor', '    at new Network (/a/b.mjs:3:4)', '/a/b.mjs', 'Network', 'b.mjs:3:4'],
  ['an asynchronous function', '    at async Object.run (/a/b.mjs:3:4)', '/a/b.mjs', 'run', 'b.mjs:3:4'],
  ['a method', '    at Network.grow [as next] (/a/b.mjs:3:4)', '/a/b.mjs', 'Network.grow [as next]', 'b.mjs:3:4'],
] // biome-ignore format: a table

for (const [what, stack, file, caller, place] of CASES) {
  test(`should name the caller and the place in ${what}, without the folder`, () => {
    assert.deepEqual(callerOf(stack, file), { caller, place })
  })
}

test('should name nobody where the file did not call', () => {
  assert.equal(callerOf(V8, 'file:///home/someone/else.mjs'), null)
  const byNode = `    at get (node:internal/tty:120:9)\n    at Object.run (/a/b.mjs:3:4)`
  assert.equal(callerOf(byNode, '/a/b.mjs'), null)
  for (const stack of ['', 'Error', 'not a stack\nat all:1']) assert.equal(callerOf(stack, ''), null)
})

test('should leave out the function itself and what it calls', () => {
  const file = placeOf(new Error('here'))!.file
  assert.equal(fileURLToPath(file), fileURLToPath(import.meta.url))
  const guard = () => callerIn(file, guard)
  function asks() {
    return guard()
  }
  assert.equal(asks()?.caller, 'asks')
})

test('should see through what user code does to stacks, and leave it as it was', () => {
  const file = placeOf(new Error('here'))!.file
  const { stackTraceLimit, prepareStackTrace } = Error
  const mine = () => 'mine'
  try {
    Error.stackTraceLimit = 0
    Error.prepareStackTrace = mine
    const guard = () => callerIn(file, guard)
    assert.notEqual(guard(), null)
    assert.deepEqual([Error.stackTraceLimit, Error.prepareStackTrace], [0, mine])
  } finally {
    Object.assign(Error, { stackTraceLimit, prepareStackTrace })
  }
})
