/** `Math.random` in every runner: a stream of the job, of the chunk in setup and summary, and fixed while loading. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { randomStream } from '../../lib/random.ts'
import { chunkSeed, jobSeed, streamSeed } from '../../lib/seed.ts'
import { localLauncher } from '../../runners/local.ts'
import { memoryRunner } from '../../runners/memory.ts'
import { pool } from '../../runners/pool.ts'
import { record } from '../conformance/recorder.ts'
import { assign, Workshop } from '../conformance/workshop.ts'

const workshop = new Workshop()
after(() => workshop.close())

const SOURCE = `import { experiment } from 'reprise'
const kept = Math.random
const loaded = [Math.random(), Math.random()]
export default experiment({
  name: 'chance', parameters: { a: [1, 2] }, repetitions: 4, chunk: 2,
  setup: ({ stream }) => [Math.random(), stream('Math.random')()],
  async run({ setup, stream }) {
    const drawn = [Math.random(), kept()]
    await new Promise((resolve) => setTimeout(resolve, 1))
    return { loaded, setup, drawn: [...drawn, Math.random(), stream('Math.random')()] }
  },
  summarise: (results) => ({ results, last: Math.random() }),
})
`

/** The first numbers from state 0 (FORMAT.md §5.12); seedrandom, which is in every capsule, takes one when it is loaded. */
const MULBERRY32 = [0.26642920868471265, 0.0003297457005828619, 0.2232720274478197]

interface Summary {
  readonly results: readonly { loaded: number[]; setup: number[]; drawn: number[] }[]
  readonly last: number
}

test('should draw Math.random from streams of their own, the same in every runner', async () => {
  const made = await workshop.make(SOURCE)
  const launcher = localLauncher()
  const local = await record(pool(launcher, { engines: 2 }), assign(made))
  launcher.close()
  const memory = await record(memoryRunner(), assign(made))
  const hash = Buffer.from(made.hash, 'hex')
  const stream = (owner: Uint8Array) => randomStream('xor4096', streamSeed(owner, 'Math.random'))
  for (let chunk = 0; chunk < 4; chunk++) {
    assert.equal(local.words(chunk), memory.words(chunk))
    const { summary } = JSON.parse(local.words(chunk)) as { summary: Summary }
    const ofChunk = stream(chunkSeed(hash, chunk))
    const setup = [ofChunk(), ofChunk()]
    assert.deepEqual(
      summary.results.map((result) => result.setup),
      [setup, setup],
    )
    assert.equal(summary.last, ofChunk())
    summary.results.forEach(({ drawn, loaded }, j) => {
      const ofJob = stream(jobSeed(chunkSeed(hash, chunk), j))
      assert.deepEqual(drawn, [ofJob(), ofJob(), ofJob(), ofJob()])
      assert.deepEqual(loaded, MULBERRY32.slice(1, 3))
    })
  }
  assert.ok(!local.touches.some(({ name }) => name.includes('random')))
})

test('should give Math.random back to the surroundings when no chunk is executed', async () => {
  const made = await workshop.make(SOURCE)
  await import(pathToFileURL(made.capsule).href)
  const drawn = Array.from({ length: 4 }, () => Math.random())
  assert.equal(new Set(drawn).size, 4)
  assert.ok(MULBERRY32.every((number) => !drawn.includes(number)))
  assert.deepEqual([Math.random.name, Math.random.length], ['random', 0])
})
