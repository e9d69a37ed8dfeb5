/** `lab.map`: `Array.prototype.map` on engines, over the function that a file exports. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { toHex } from '../../../lib/digest.ts'
import { experimentHash } from '../../../lib/document.ts'
import { map } from '../../../lib/index.ts'
import { isRefusal } from '../../lib/refusal.ts'
import { openedLab } from './project.ts'

const FILES = {
  'cube.ts': `import { cubed } from './cubed.ts'
export default async function (n: number, { random }: { random: () => number }) {
  if (n === 13) throw new Error('unlucky')
  return { n: cubed(n), draw: random() }
}\n`,
  'cubed.ts': 'export const cubed = (n: number) => n ** 3\n',
  'same.ts': 'export default (item: unknown) => item\n',
}

test('should give results in the order of the items, as the experiment that map makes of them', async (t) => {
  const { lab, path } = await openedLab(t, FILES)
  type Cube = (n: number) => { n: number; draw: number }
  const items = [5, 1, 3, 2]
  const cubes = await lab.map<Cube>(path('cube.ts'), items, { seed: 's', engines: 2 })
  assert.deepEqual(
    cubes.map(({ n }) => n),
    [125, 1, 27, 8],
  )
  assert.equal(new Set(cubes.map(({ draw }) => draw)).size, 4)
  const [run] = await lab.runs()
  const same = map((n: number) => n, items, { name: 'cube', seed: 's' })
  assert.equal(run!.experiment, toHex(experimentHash(same.document)))
  assert.equal((await run!.rerun()).verdict, 'identical', 'its capsule has items and function')
  assert.deepEqual(await lab.map(path('cube.ts'), []), [])
})

test('should take and give values of every kind', async (t) => {
  const { lab, path } = await openedLab(t, FILES)
  const items = [1n, Number.NaN, -0, null, { deep: [new Float64Array([1, -0])] }, 'x']
  assert.deepEqual(await lab.map(pathToFileURL(path('same.ts')), items), items)
})

test('should reject naming the first item that failed, with the others in the run', async (t) => {
  const { lab, path } = await openedLab(t, FILES)
  const failed = { subject: 'item 1', says: 'Error: unlucky' }
  await assert.rejects(lab.map(path('cube.ts'), [1, 13, 2, 13]), isRefusal('incomplete', failed))
  const [run] = await lab.runs()
  assert.deepEqual([run!.progress.state, run!.progress.failedJobs], ['sealed', 2])
  const rows = await run!.get()
  assert.deepEqual(
    rows.map(({ error }) => error?.message),
    [undefined, 'unlucky', undefined, 'unlucky'],
  )
  assert.deepEqual(rows[2]!.point, { item: 2 })
})

test('should refuse what is no function, no list or no value', async (t) => {
  const { lab, path } = await openedLab(t, {
    ...FILES,
    'none.ts': 'export const f = 1\n',
    'one.ts': 'export default 1\n',
  })
  const says = (words: string) => isRefusal('invalid-experiment', { says: words })
  await assert.rejects(lab.map(path('none.ts'), [1]), says('no default export'))
  await assert.rejects(lab.map(path('one.ts'), [1]), says('no function'))
  await assert.rejects(lab.map(path('same.ts'), [1, new Map()]), says('items[1] is a Map'))
  await assert.rejects(lab.map(path('same.ts'), 'abc' as never), isRefusal('usage', { subject: 'items' }))
  await assert.rejects(lab.map(path('same.ts'), [1], { repetitions: 2 } as never), isRefusal('usage'))
  assert.deepEqual(await lab.runs(), [])
})
