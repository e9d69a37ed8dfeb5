/** Files outside of the experiment's project: named without the folders that they lie in. */
import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ROOT } from '../../lab/installed.ts'
import { buildCapsule, NO_ATTACHMENTS, stopBuilding } from '../../provenance/capsule.ts'
import { isRefusal } from '../lib/refusal.ts'
import { type Files, Trees } from './tree.ts'

const trees = new Trees()
after(async () => {
  await stopBuilding()
  trees.remove()
})

const using = (from: string) => `import { experiment } from 'reprise'
import { x } from '${from}'
export default experiment({ name: 'x', run: () => x })`

const built = (file: string) => buildCapsule(file, ROOT, NO_ATTACHMENTS)
const text = async (file: string) => Buffer.from((await built(file)).bytes).toString('utf8')

/** An experiment in one folder and what it uses in another; `deep` says how far apart they are. */
function apart(deep: string, files: Files, from: (library: string) => string): string {
  const library = trees.plant(files, `${deep}/alice/src/mylib`)
  return join(trees.plant({ 'x.ts': using(from(library)), 'package.json': '{}' }, 'work'), 'x.ts')
}

test('should name the files of a linked package by its name and version, wherever it lies', async () => {
  const files = {
    'package.json': '{"name":"@a/mylib","version":"1.2.3","main":"lib/i.mjs"}',
    'lib/i.mjs': 'export const x = Math.random',
  }
  const digests = new Set<string>()
  for (const deep of ['home', 'very/deep/home']) {
    const library = trees.plant(files, `${deep}/alice/src/mylib`)
    const root = trees.plant({ 'x.ts': using('mylib'), 'package.json': '{}', 'node_modules/.keep': '' })
    symlinkSync(library, join(root, 'node_modules/mylib'))
    const { bytes, digest, files: used } = await built(join(root, 'x.ts'))
    const capsule = Buffer.from(bytes).toString('utf8')
    assert.match(capsule, /outside\/@a\/mylib@1\.2\.3\/lib\/i\.mjs/)
    assert.ok(!capsule.includes('alice'))
    assert.equal(used.length, 2, 'it is a file of the user, so its commit is asked for')
    digests.add(digest)
  }
  assert.equal(digests.size, 1)
})

test('should name a file of no package by its bytes', async () => {
  const capsules = await Promise.all(
    ['home', 'far/home'].map((deep) =>
      text(apart(deep, { 'i.mjs': 'export const x = 7' }, (library) => `${library}/i.mjs`)),
    ),
  )
  for (const capsule of capsules) {
    assert.match(capsule, /outside\/[0-9a-f]{16}\/i\.mjs/)
    assert.ok(!capsule.includes('alice'))
  }
  assert.equal(capsules[0], capsules[1])
})

test('should refuse two files that would have one name, and tell others apart', async () => {
  const two = (a: string, b: string) => {
    const files = {
      'i.mjs': "export * from './a/v.mjs'; export * from './b/v.mjs'",
      'a/v.mjs': a,
      'b/v.mjs': b,
    }
    return apart('home', files, (library) => `${library}/i.mjs`)
  }
  await built(two('export const x = 1', 'export const y = 2'))
  await assert.rejects(
    built(two('export const x = 1', 'export const x = 1')),
    isRefusal('capsule', { says: /is like another/ }),
  )
})

test('should name what lies in the experiment’s own project by the way there', async () => {
  const root = trees.plant({
    'package.json': '{"name":"p","version":"1.0.0"}',
    'lib/y.ts': 'export const x = 5',
    'experiments/x.ts': using('../lib/y.ts'),
  })
  assert.match(await text(join(root, 'experiments/x.ts')), /experiment\/\.\.\/lib\/y\.ts/)
})
