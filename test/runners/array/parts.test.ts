/** Parts: however records are cut into them, what is read is what was told; and what was changed is refused, at whatever byte. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { RepriseError } from '../../../lib/errors.ts'
import { folderStore } from '../../../runners/array/folder-store.ts'
import { PART, partKey, taskPrefix } from '../../../runners/array/layout.ts'
import { PartWriter, readPart } from '../../../runners/array/parts.ts'
import type { Store } from '../../../runners/array/store.ts'
import { journalSink } from '../../../runners/detached/journal-sink.ts'
import { encodeRecord } from '../../../runners/detached/record.ts'
import type { TaskEnded, Told } from '../../../runners/detached/told.ts'
import { leafOf } from '../../../runners/protocol.ts'
import type { Sink } from '../../../runners/runner.ts'
import { digestOf, Workshop } from '../../conformance/workshop.ts'
import { eventually } from '../detached/site.ts'

const workshop = new Workshop()
after(() => workshop.close())

const PLACE = { array: 3, index: 14 }
const failed = (error: RepriseError) => assert.fail(error.line)

/** A store in memory: of what is put here nothing goes to a disk. */
function memoryStore(): Store & { readonly content: Map<string, Buffer> } {
  const content = new Map<string, Buffer>()
  return {
    content,
    async put(key, bytes) {
      if (content.has(key)) return false
      content.set(key, Buffer.from(bytes))
      return true
    },
    get: async (key) => content.get(key) ?? null,
    list: async (prefix) => [...content.keys()].filter((key) => key.startsWith(prefix)).sort(),
    remove: async (prefix) => {
      for (const key of [...content.keys()].filter((one) => one.startsWith(prefix))) content.delete(key)
    },
  }
}

const ENDED: TaskEnded = {
  ...{ job: '9_14', restarts: 1, node: 'n1', host: 'h', started: '2026-01-01T00:00:00.000Z', ended: '' },
  ...{ state: 'stopped', words: 'it was sent SIGTERM', cpuMs: 1, maxRssBytes: null, chunks: 2 },
}

/** Things that a sink is told, and what is to be read of them. */
const PLAIN = { noNullPrototype: true } as const
const said = fc.oneof(
  fc.record(
    {
      type: fc.constant('chunk' as const),
      chunk: fc.nat(2 ** 24),
      bytes: fc.uint8Array({ maxLength: 60 }),
      failed: fc.nat(100),
      ms: fc.double({ min: 0, max: 1e9, noNaN: true }).map((ms) => ms + 0), // JSON knows no -0
      engine: fc.nat(9),
      stacks: fc.array(fc.record({ job: fc.nat(9), stack: fc.string() }, PLAIN), { maxLength: 2 }),
    },
    PLAIN,
  ),
  fc.record(
    {
      type: fc.constant('log' as const),
      ...{
        engine: fc.nat(9),
        chunk: fc.integer({ min: -1, max: 99 }),
        job: fc.integer({ min: -1, max: 99 }),
      },
      stream: fc.constantFrom('log' as const, 'stdout' as const, 'stderr' as const),
      text: fc.string({ unit: 'grapheme' }),
    },
    PLAIN,
  ),
  fc.record(
    {
      type: fc.constant('lost' as const),
      ...{ engine: fc.nat(9), reason: fc.string(), chunks: fc.array(fc.nat(99), { maxLength: 5 }) },
    },
    PLAIN,
  ),
)
type Said = typeof said extends fc.Arbitrary<infer T> ? T : never

function tell(sink: Sink, one: Said): void {
  const { type, ...what } = one
  if (type === 'chunk') sink.chunk({ ...(what as Omit<typeof one, 'type'>), leaf: leafOf(one.bytes) })
  else if (type === 'log') sink.log(what as Omit<typeof one, 'type'>)
  else sink.lost(one.engine, one.reason, one.chunks)
}

function expected(one: Said): Told {
  if (one.type === 'lost') return one
  const { type, ...what } = one
  if (type === 'log') return { type, line: what as Omit<typeof one, 'type'> }
  const done = what as Omit<typeof one, 'type'>
  return { type, done: { ...done, leaf: leafOf(done.bytes) } }
}

/** Bytes as plain arrays, so that a Buffer is the same as what was told. */
const plain = (told: Told) =>
  told.type === 'chunk' ? { ...told, done: { ...told.done, bytes: [...told.done.bytes] } } : told

async function readAll(store: Store): Promise<Told[]> {
  const all: Told[] = []
  for (const key of await store.list(taskPrefix(PLACE.array, PLACE.index)))
    all.push(...readPart(key, (await store.get(key))!))
  return all
}

test('should read what was told, in order, however it is cut into parts', async () => {
  const everything = fc.asyncProperty(
    fc.array(said, { maxLength: 30 }),
    fc.integer({ min: 1, max: 3_000 }),
    async (all, bytes) => {
      const store = memoryStore()
      const writer = new PartWriter(store, PLACE, { bytes, failed })
      const sink = journalSink(writer, 0, new Set())
      for (const one of all) tell(sink, one)
      writer.add({ type: 'task-ended', ...ENDED })
      await writer.flush()
      const told: Told[] = [...all.map(expected), { type: 'task-ended', task: ENDED }]
      assert.deepEqual((await readAll(store)).map(plain), told.map(plain))
      for (const key of store.content.keys()) assert.equal(PART.exec(key)![3], writer.writer)
    },
  )
  await fc.assert(everything, { numRuns: 200 })
})

test('should refuse a part of which a byte was changed, cut or added, or whose name is another', async () => {
  const store = memoryStore()
  const writer = new PartWriter(store, PLACE, { failed })
  const sink = journalSink(writer, 0, new Set())
  for (let n = 0; n < 3; n++) {
    const bytes = Buffer.from(`{"chunk":${n}}`)
    sink.chunk({ chunk: n, bytes, leaf: leafOf(bytes), failed: 0, ms: 1, engine: 1, stacks: [] })
  }
  await writer.flush()
  const [[key, bytes]] = [...store.content] as [[string, Buffer]]
  assert.equal(readPart(key, bytes).length, 3)
  const refused = (name: string, what: Buffer) =>
    assert.throws(
      () => readPart(name, what),
      (error) => error instanceof RepriseError && error.code === 'not-intact',
      name,
    )
  const named = (what: Buffer) => partKey(PLACE.array, PLACE.index, 'ab', 0, digestOf(what))
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Buffer.from(bytes)
    flipped[at]! ^= 1
    refused(key, flipped)
    refused(named(flipped), flipped) // and so whatever it is called
    if (at % 7 === 0) refused(key, bytes.subarray(0, at))
  }
  refused(named(bytes.subarray(0, -1)), bytes.subarray(0, -1))
  refused(key, Buffer.concat([bytes, Buffer.from('R')]))
  for (const name of ['', 'x', key.slice(0, -1), key.toUpperCase(), `${key}0`, `../${key}`])
    refused(name, bytes)
})

test('should refuse a task that ended as none can', () => {
  const part = (more: object) => {
    const bytes = encodeRecord({ type: 'task-ended', ...ENDED, ...more })
    return readPart(partKey(1, 0, 'ab', 0, digestOf(bytes)), bytes)
  }
  assert.deepEqual(part({ later: 'word' }), [{ type: 'task-ended', task: ENDED }])
  for (const wrong of [
    ...[
      { state: 'gone' },
      { chunks: -1 },
      { restarts: 0.5 },
      { job: 9 },
      { node: null },
      { words: undefined },
    ],
    ...[{ cpuMs: '1' }, { maxRssBytes: -1 }, { started: 1 }],
  ])
    assert.throws(() => part(wrong), /malformed/, JSON.stringify(wrong))
})

test('should put what waits after a while, and what is large at once', async () => {
  const store = folderStore(workshop.path('store'))
  const writer = new PartWriter(store, PLACE, { ms: 30, bytes: 10_000, failed })
  const log = (text: string) => ({ type: 'log', engine: 1, chunk: 0, job: 0, stream: 'log', text })
  writer.add(log('a'))
  writer.add(log('b'))
  let keys: readonly string[] = []
  const look = async (count: number) => {
    for (; keys.length < count; keys = await store.list('parts/')) await new Promise(setImmediate)
  }
  await look(1)
  writer.add(log('x'.repeat(20_000)))
  writer.add(log('c'))
  await look(3)
  const texts = (await readAll(store)).map((told) => told.type === 'log' && told.line.text.slice(0, 1))
  assert.deepEqual(texts, ['a', 'b', 'x', 'c'])
  assert.deepEqual(
    keys.map((key) => PART.exec(key)![4]),
    ['000000', '000001', '000002'],
  )
})

test('should tell once that a put failed, and write nothing after it', async () => {
  const store = memoryStore()
  const errors: RepriseError[] = []
  let puts = 0
  const failing: Store = {
    ...store,
    async put(key, bytes) {
      if (++puts === 2) throw new RepriseError('storage', 'the disk said no')
      return store.put(key, bytes)
    },
  }
  const writer = new PartWriter(failing, PLACE, { bytes: 1, failed: (error) => errors.push(error) })
  const log = (text: string) => ({ type: 'log', engine: 1, chunk: 0, job: 0, stream: 'log', text })
  for (const text of ['a', 'b', 'c']) writer.add(log(text))
  await eventually('it was told', () => errors.length > 0)
  writer.add(log('d'))
  await writer.flush()
  assert.deepEqual(
    errors.map(({ message }) => message),
    ['the disk said no'],
  )
  assert.deepEqual(puts, 2)
  assert.equal((await readAll(store)).length, 1)
})
