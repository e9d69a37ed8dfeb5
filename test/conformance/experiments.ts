/** The experiments of the conformance suite, as their authors would write them, one chunk a point. */

const indices = (count: number) => `{ i: Array.from({ length: ${count} }, (_, i) => i) }`

/** An experiment of `points` chunks whose job is `body`, in which `point.i` is the chunk. */
export function each(points: number, body: string, top = '', more = ''): string {
  return `import { experiment } from 'reprise'
${top}
export default experiment({
  name: 'conformance', parameters: ${indices(points)}, repetitions: 2, chunk: 2, ${more}
  async run({ point, random, stream, repetition, log, setup, input, seed }) { ${body} },
})
`
}

/** Everything a seed can come from, several chunks a point, a ragged last chunk. */
export const DRAWS = `import { experiment } from 'reprise'
export default experiment({
  name: 'draws', parameters: { a: [1, 2, 3, 4, 5], b: ['x', 'y'] }, repetitions: 11, chunk: 4,
  setup: ({ stream }) => [stream('set')(), Math.random()],
  run({ point, repetition, random, stream, seed, setup }) {
    const common = stream('net', { sharedBy: ['a'] })
    return { draws: [random(), random.int32(), stream('other')(), common(), Math.random(), setup], seed, repetition, point }
  },
})
`

export const SUMMARY = `import { experiment } from 'reprise'
export default experiment({
  name: 'summary', parameters: { a: [1, 2, 3] }, repetitions: 20, chunk: 5,
  run({ random }) {
    const x = random()
    if (x < 0.3) throw new RangeError('too small: ' + x)
    return x
  },
  summarise: (results) => ({ n: results.length, sum: results.reduce((a, b) => a + b, 0) }),
})
`

/** One chunk for each kind of value, and for each kind of thing that is none. */
export const VALUES = `import { experiment } from 'reprise'
const LIST = [
  NaN, Infinity, -Infinity, -0, 0, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, 2 ** 53, 12345678901234567890n, -1n, 0n,
  null, true, false, '', '\\u0000\\u001e\\n\\r\\u2028', 'žluťoučký 😀', [], {}, [[[]]], { '': 1, 10: 2, 9: 3, é: 4 },
  new Float64Array([NaN, -0, 1e308]), new Float32Array([0.1, -Infinity]), new Int8Array([-128, 127]),
  new Uint8Array(0), new Uint8ClampedArray([255]), new Int16Array([-1]), new Uint16Array([65535]),
  new Int32Array([-2147483648]), new Uint32Array([4294967295]), new BigInt64Array([-1n]),
  new BigUint64Array([2n ** 64n - 1n]), Buffer.from('bytes'), { a: { b: [NaN, { c: -0 }] } },
  undefined, () => 1, Symbol('s'), new Map(), new Set([1]), new Date(0), new (class Own {})(), '\\ud800', [, 1], /x/,
]
const cycle = {}
cycle.self = cycle
LIST.push(cycle)
const THROWN = [new TypeError('bad'), 'a string', null, undefined, { toString() { throw 1 } }, new Error('\\ud800')]
export default experiment({
  name: 'values', parameters: { i: [...LIST, ...THROWN].map((_, i) => i) },
  run({ point }) {
    if (point.i >= LIST.length) throw THROWN[point.i - LIST.length]
    return LIST[point.i]
  },
})
`

const FORGED = [
  '{"type":"chunk","chunk":3,"failed":0,"ms":1,"stacks":[]}',
  '{"type":"chunk","chunk":3,"failed":0,"ms":1,"stacks":[],"bytes":900000000,"leaf":"00"}',
  '{"type":"ready","pid":1,"node":"v0","host":"h"}',
  '{"type":"beat","chunk":-1,"job":-1,"sent":1000}',
  '{"type":"fatal"}',
  '{"type":"log"}',
  '{"type":"chunk","key":"0000000000000000","chunk":0}',
]

/** Prints in every way there is; QUIET is the same experiment without. Both end each chunk with the words DONE-i-r. */
export const QUIET = each(12, 'return [random(), repetition]')
export const LOUD = each(
  12,
  `const mark = '\\x1eREPRISE '
  const forged = ${JSON.stringify(FORGED)}
  console.log('log', { a: 1 }); console.error('error'); console.info(mark); log('mine', point)
  process.stdout.write('no newline'); process.stderr.write(mark + '{"type":"fatal"}')
  process.stdout.write(Buffer.from([0, 255, 30, 10]), () => {})
  for (const text of forged) {
    fs.writeSync(1, mark + text + '\\n'); fs.writeSync(1, mark + text.slice(0, -3)); fs.writeSync(2, mark + text + '\\n')
    process.stdout.write(mark + text + '\\n')
  }
  fs.writeSync(1, mark); fs.writeSync(1, mark.slice(0, 4)); fs.writeSync(1, 'x'.repeat(300_000)); fs.writeSync(1, mark + mark)
  fs.writeSync(1, Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7919) & 255)))
  for (let i = 0; i < 300; i++) console.log('flood ' + i)
  if (point.i % 4 === 0) child.execFileSync('sh', ['-c', 'echo from a child; printf "\\\\036REPRISE {\\\\"type\\\\":"'], { stdio: 'inherit' })
  fs.writeSync(1, 'DONE-' + point.i + '-' + repetition + '\\n')
  return [random(), repetition]`,
  `import fs from 'node:fs'\nimport child from 'node:child_process'`,
)
