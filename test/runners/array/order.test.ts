/** What a task is told, by words and by an array's order, is read strictly. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import { parseOrder } from '../../../runners/array/order.ts'
import { parseTaskWords } from '../../../runners/array/task-words.ts'

const ORDER = {
  ...{
    format: 'reprise/array/1',
    hash: 'a'.repeat(64),
    capsule: '/c.mjs',
    inputs: { ['b'.repeat(64)]: '/i' },
  },
  ...{ engines: 2, timeoutMs: null, silenceMs: 500, tasks: [[[0, 3]], [[9, 5]], []], name: 'reprise-x-1' },
}
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
const refused = (code: string) => (error: unknown) => error instanceof RepriseError && error.code === code

test('should read an order as it was put, and nothing that is none', () => {
  assert.deepEqual(parseOrder(1, bytes({ ...ORDER, later: 'word' })), ORDER)
  const keys = {
    capsule: `content/${'c'.repeat(64)}`,
    inputs: { ['b'.repeat(64)]: `content/${'b'.repeat(64)}` },
  }
  assert.deepEqual(parseOrder(1, bytes({ ...ORDER, ...keys })), { ...ORDER, ...keys })
  for (const wrong of [
    ...[{ capsule: 'content/c' }, { capsule: `other/${'c'.repeat(64)}` }, { capsule: `${keys.capsule}/..` }],
    ...[
      { format: 'reprise/array/2' },
      { hash: 'a' },
      { capsule: 'c.mjs' },
      { capsule: '/c\0' },
      { inputs: [] },
    ],
    ...[{ inputs: null }, { inputs: { x: '/i' } }, { inputs: { ['b'.repeat(64)]: 'i' } }, { engines: 0 }],
    ...[{ engines: 1.5 }, { engines: 1e9 }, { timeoutMs: 0 }, { timeoutMs: '1' }, { silenceMs: -1 }],
    ...[
      { tasks: {} },
      { tasks: [[0, 3]] },
      { tasks: [[[0]]] },
      { tasks: [[[0, -1]]] },
      { tasks: [[[0, 2 ** 24]]] },
    ],
    ...[{ name: '' }, { name: 'a b' }, { name: 7 }],
  ])
    assert.throws(
      () => parseOrder(1, bytes({ ...ORDER, ...wrong })),
      refused('not-intact'),
      JSON.stringify(wrong),
    )
  for (const text of ['', '{', 'null', '[]', '7'])
    assert.throws(() => parseOrder(1, Buffer.from(text)), refused('not-intact'), text)
})

test('should read the words of a task, and nothing that is none', () => {
  const words = ['/store', '2', '17', '123_17', 'n1', '0']
  const read = { store: '/store', array: 2, index: 17, job: '123_17', node: 'n1', restarts: 0 }
  assert.deepEqual(parseTaskWords(words), read)
  assert.deepEqual(parseTaskWords(['/store', '2', '0', '', '', '3']), {
    ...read,
    index: 0,
    job: '',
    node: '',
    restarts: 3,
  })
  for (const [at, wrong] of [
    ...([
      [0, 'store'],
      [0, ''],
      [1, '0'],
      [1, '-1'],
      [1, '1.5'],
      [1, ''],
      [1, '0x1'],
      [2, '01'],
      [2, ''],
    ] as const),
    ...([
      [2, '-1'],
      [3, 'x'.repeat(301)],
      [4, '\ud800'],
      [5, ''],
      [5, 'x'],
    ] as const),
  ])
    assert.throws(() => parseTaskWords(words.with(at, wrong)), refused('usage'), `${at}: ${wrong}`)
  for (const few of [[], words.slice(0, 5), [...words, 'x']])
    assert.throws(() => parseTaskWords(few), refused('usage'))
})
