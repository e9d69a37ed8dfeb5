/**
 * One root on every Node (law 1): the same capsules, executed by engines on Node 20, 22, 24 and 26, with and without
 * their compilers. The cloud leans on Math wherever it can; the epidemic is the standard case.
 *
 * In `npm test`: the cloud whole, and samples where it takes ten times as long (--no-opt; --jitless on other versions than
 * today's); of the epidemic a sample, with the compilers. REPRISE_SLOW=1 executes both whole, and of the epidemic some
 * chunks with --no-opt and a few with --jitless.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import type { Made } from '../conformance/workshop.ts'
import { makeExample } from './example.ts'
import { assertSame, every, type Leaves, leavesOn, rootOver } from './leaves.ts'
import { nodesOf, type Runtime } from './nodes.ts'

const SLOW = process.env.REPRISE_SLOW === '1'
const VERSIONS = ['22.23.3', '24.21.0', '26.10.0']

const launcher = localLauncher()
after(() => launcher.close())

async function executedOn({ path }: Runtime, flags: string[], made: Made, chunks: number[]): Promise<Leaves> {
  const other = localLauncher({ node: path, flags })
  try {
    return await leavesOn(pool(other, { engines: 2 }), made, chunks)
  } finally {
    other.close()
  }
}

const nodes = await nodesOf(VERSIONS)
const today = nodes[0]!

/** Of which chunks each example is executed: every `step`-th, and under a flag every so-manieth. */
const EXAMPLES: readonly { name: string; step: number; flags: (node: Runtime) => Record<string, number> }[] =
  [
    {
      name: 'cloud.ts',
      step: 1,
      flags: (node) =>
        SLOW ? { '--no-opt': 1, '--jitless': 1 } : { '--no-opt': 5, '--jitless': node === today ? 1 : 7 },
    },
    {
      name: 'epidemic.ts',
      step: SLOW ? 1 : 21,
      flags: () => (SLOW ? { '--no-opt': 13, '--jitless': 27 } : {}),
    },
  ]

/** All is made before the first test: when tests end while others are still to come, what closes the suite comes too early. */
const examples: ((typeof EXAMPLES)[number] & { made: Made; expected: Leaves })[] = []
for (const example of EXAMPLES) {
  const made = await makeExample(example.name, launcher)
  examples.push({ ...example, made, expected: await executedOn(today, [], made, every(made, example.step)) })
}

for (const { name, step, flags, made, expected } of examples) {
  test(`${name} on ${today.version}: executed again`, async (t) => {
    const found = await executedOn(today, [], made, every(made, step))
    assertSame(found, expected)
    t.diagnostic(`${today.version}: root ${rootOver(found)} of ${found.of.size} chunks`)
  })

  for (const node of nodes) {
    const ways = [...(node === today ? [] : [['', step] as const]), ...Object.entries(flags(node))]
    for (const [flag, apart] of ways) {
      const how = `${node.version}${flag && ` ${flag}`}`
      test(`${name} on ${how}: the same bits as on ${today.version}`, async (t) => {
        const chunks = every(made, apart).filter((chunk) => expected.of.has(chunk))
        const found = await executedOn(node, flag === '' ? [] : [flag], made, chunks)
        assert.deepEqual(found.engines, [node.version])
        assertSame(found, expected)
        t.diagnostic(`${how}: root ${rootOver(found)} of ${found.of.size} chunks`)
      })
    }
  }
}
