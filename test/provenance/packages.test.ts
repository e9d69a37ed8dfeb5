/** What is told of packages: licences in the ways in which a package.json may state them, integrity as npm noted it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ROOT } from '../../lab/installed.ts'
import { buildCapsule, NO_ATTACHMENTS, stopBuilding } from '../../provenance/capsule.ts'
import { InstalledLocks } from '../../provenance/integrity.ts'
import { licenseOf } from '../../provenance/packages.ts'
import { Trees } from './tree.ts'

const trees = new Trees()
after(async () => {
  await stopBuilding()
  trees.remove()
})

test('should read a licence in every form that was ever usual', () => {
  const cases: [object, string | null][] = [
    [{ license: 'MIT' }, 'MIT'],
    [{ license: ' (MIT  OR\nApache-2.0) ' }, '(MIT OR Apache-2.0)'],
    [{ license: { type: 'ISC', url: 'https://example.org' } }, 'ISC'],
    [{ licenses: [{ type: 'MIT' }, { type: 'GPL-2.0' }] }, '(MIT OR GPL-2.0)'],
    [{ licenses: ['BSD'] }, 'BSD'],
    [{ licenses: { type: 'MIT' } }, 'MIT'],
    [{ license: 'MIT', licenses: ['BSD'] }, 'MIT'],
    [{ license: null, licenses: ['BSD'] }, 'BSD'],
    [{}, null],
    [{ license: '' }, null],
    [{ license: 5 }, null],
    [{ license: {} }, null],
    [{ licenses: [null, 5, {}] }, null],
    [{ license: 'x'.repeat(201) }, null],
    [{ license: '\ud800' }, null],
  ]
  for (const [described, license] of cases)
    assert.equal(licenseOf(described), license, JSON.stringify(described))
})

const SHA = (letter: string) => `sha512-${letter.repeat(86)}==`

test('should tell from which tarballs npm installed, nested ones and scoped ones too', () => {
  const packages = {
    'node_modules/a': { integrity: SHA('a') },
    'node_modules/@s/b': { integrity: SHA('b') },
    'node_modules/a/node_modules/c': { integrity: SHA('c') },
    'node_modules/old': { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
    'node_modules/odd': { integrity: ['x'] },
    'node_modules/linked': { link: true },
  }
  const root = trees.plant({ 'node_modules/.package-lock.json': JSON.stringify({ packages }) })
  const locks = new InstalledLocks()
  const told = (name: string) => locks.integrityOf(join(root, 'node_modules', name))
  assert.deepEqual(['a', '@s/b', 'a/node_modules/c'].map(told), [SHA('a'), SHA('b'), SHA('c')])
  for (const name of ['old', 'odd', 'linked', 'none', 'toString', '__proto__'])
    assert.equal(told(name), null, name)
  const inner = trees.plant(
    { 'node_modules/.package-lock.json': JSON.stringify({ packages }) },
    'node_modules/x',
  )
  assert.equal(new InstalledLocks().integrityOf(join(inner, 'node_modules/a')), SHA('a'))
  for (const text of ['', '{', '5', '{"packages":5}', '{}']) {
    const bad = trees.plant({ 'node_modules/.package-lock.json': text })
    assert.equal(new InstalledLocks().integrityOf(join(bad, 'node_modules/a')), null, text)
  }
  assert.equal(new InstalledLocks().integrityOf(trees.plant({})), null)
})

test('should list what a capsule holds with the licence and the tarball of each', async (t) => {
  const noted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages
  const file = trees.plant({
    'x.ts': `import { experiment } from 'reprise'
export default experiment({ name: 'x', run: () => 1 })`,
  })
  const { packages } = await buildCapsule(join(file, 'x.ts'), ROOT, NO_ATTACHMENTS)
  assert.ok(packages.length > 2)
  const installed = packages.every(({ integrity }) => integrity !== undefined)
  if (!installed) t.diagnostic('not installed by npm: no integrity is told')
  for (const { name, version, license, integrity } of packages) {
    const expected = noted[`node_modules/${name}`]
    assert.deepEqual([version, license], [expected.version, expected.license], name)
    if (installed) assert.equal(integrity, expected.integrity, name)
  }
})
