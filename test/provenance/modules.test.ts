/** Which modules of two capsules differ: the user's own first. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ROOT } from '../../lab/installed.ts'
import { utf8 } from '../../lib/digest.ts'
import { buildCapsule, NO_ATTACHMENTS, stopBuilding } from '../../provenance/capsule.ts'
import { moduleChanges, modulesOf } from '../../provenance/modules.ts'
import { type Files, Trees } from './tree.ts'

const trees = new Trees()
after(async () => {
  await stopBuilding()
  trees.remove()
})

async function capsuleOf(files: Files): Promise<Uint8Array> {
  const root = trees.plant({
    'package.json': '{}',
    'node_modules/odd/package.json': '{"name":"odd","version":"1.2.3","main":"main.js"}',
    'node_modules/odd/main.js': 'exports.odd = () => 1',
    'half.ts': 'export const half = (n: number) => n / 2',
    'main.ts': `import { experiment } from 'reprise'
import { odd } from 'odd'
import { half } from './half.ts'
export default experiment({ name: 'x', parameters: { a: [1] }, repetitions: 1, run: () => half(odd()) })
`,
    ...files,
  })
  return (await buildCapsule(join(root, 'main.ts'), ROOT, NO_ATTACHMENTS)).bytes
}

test('should name the modules that differ between two real capsules', async () => {
  const usual = await capsuleOf({})
  assert.deepEqual(moduleChanges(usual, await capsuleOf({})), [])
  const names = [...modulesOf(usual).keys()]
  for (const name of [
    'experiment/main.ts',
    'experiment/half.ts',
    'npm/odd@1.2.3/main.js',
    'reprise/lib/seed.js',
  ])
    assert.ok(names.includes(name), name)
  const changed = await capsuleOf({
    'half.ts': 'export const half = (n: number) => n * 0.5',
    'node_modules/odd/package.json': '{"name":"odd","version":"1.2.4","main":"main.js"}',
  })
  assert.deepEqual(moduleChanges(usual, changed), [
    { name: 'experiment/half.ts', change: 'changed' },
    { name: 'npm/odd@1.2.3/main.js', change: 'only left' },
    { name: 'npm/odd@1.2.4/main.js', change: 'only right' },
  ])
})

test('should put pieces of a module together, and be misled by nothing but a line of its own', () => {
  const text = (lines: readonly string[]) => utf8(lines.join('\n'))
  const one = text([
    'open',
    '// capsule:experiment/a.ts',
    'x',
    '// capsule:reprise/b.js',
    'y',
    '// text:reprise:entry',
    'z',
  ])
  const two = text([
    'open',
    '// capsule:reprise/b.js',
    'y',
    '// capsule:experiment/a.ts',
    'x',
    '// text:reprise:entry',
    'z',
  ])
  assert.deepEqual(moduleChanges(one, two), [], 'their order is no difference')
  assert.deepEqual(
    [...modulesOf(text(['a', '  // capsule:x', 'const s = "// capsule:y"'])).keys()],
    ['the opening'],
  )
  const opening = text(['other', '// capsule:experiment/a.ts', 'x'])
  assert.deepEqual(
    moduleChanges(one, opening).map(({ name, change }) => [name, change]),
    [
      ['text:reprise:entry', 'only left'],
      ['reprise/b.js', 'only left'],
      ['the opening', 'changed'],
    ],
  )
})
