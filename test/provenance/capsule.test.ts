/** The capsule: the same bytes wherever the same text lies; refusals that name the culprit. */
import assert from 'node:assert/strict'
import { cpSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../../lab/installed.ts'
import { sha256, toHex } from '../../lib/digest.ts'
import type { ErrorCode } from '../../lib/errors.ts'
import { buildCapsule, type Capsule, NO_ATTACHMENTS, stopBuilding } from '../../provenance/capsule.ts'
import type { Loaded } from '../../runners/loaded.ts'
import { localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import { record } from '../conformance/recorder.ts'
import { assign } from '../conformance/workshop.ts'
import { type Expected, isRefusal } from '../lib/refusal.ts'
import { type Files, Trees } from './tree.ts'

const trees = new Trees()
after(async () => {
  await stopBuilding()
  trees.remove()
})

const PACKAGE: Files = {
  'node_modules/odd/package.json': '{"name":"odd","version":"1.2.3","main":"main.js"}',
  'node_modules/odd/main.js':
    'const os = require("os"); const { join } = require("node:path"); exports.odd = () => join("a", os.EOL === "\\n" ? "b" : "c")',
  'node_modules/@scope/deep/package.json':
    '{"name":"@scope/deep","version":"4.0.0","type":"module","exports":"./x.mjs"}',
  'node_modules/@scope/deep/x.mjs': 'export const deep = 1; export const unused = 2',
  'node_modules/never/package.json': '{"name":"never","version":"9.9.9"}',
}
const PROJECT: Files = {
  'work/main.ts': `import { experiment } from 'reprise'
import { readFileSync } from 'node:fs'
import { odd } from 'odd'
import { deep } from '@scope/deep'
import { half } from '../shared/half.ts'
import numbers from './numbers.json'
import words from './words.txt'
export default experiment({
  name: 'project', parameters: { a: [1, 2] },
  run: ({ point, random }) => [half(point.a), odd(), deep, numbers.list, words, typeof readFileSync, random()],
})
`,
  'work/numbers.json': '{"list":[1,2,3]}',
  'work/words.txt': 'some words\n',
  'shared/half.ts': 'export const half = (n: number): number => n / 2\n',
  'package.json': '{"type":"module"}',
  'tsconfig.json': '{"compilerOptions":{"target":"es5","jsx":"preserve"}}',
  ...PACKAGE,
}

const build = (file: string) => buildCapsule(file, ROOT, NO_ATTACHMENTS)
const experimentOf = (text: string, more: Files = {}) =>
  join(trees.plant({ 'main.ts': text, ...more }), 'main.ts')
const simple = (run: string, top = '') =>
  `import { experiment } from 'reprise'\n${top}\nexport default experiment({ name: 'x', run() { ${run} } })\n`
const text = ({ bytes }: Capsule) => Buffer.from(bytes).toString('utf8')

async function refused(source: string, code: ErrorCode, expected: Expected, more: Files = {}): Promise<void> {
  await assert.rejects(build(experimentOf(source, more)), isRefusal(code, expected))
}

test('should be the same bytes in another folder, at another time, for another user', async () => {
  const one = trees.plant(PROJECT)
  const two = trees.plant(PROJECT, 'quite/another folder/with späces')
  const first = await build(join(one, 'work/main.ts'))
  assert.equal(first.digest, toHex(sha256(first.bytes)))
  await stopBuilding()
  const before = { ...process.env }
  const folder = process.cwd()
  try {
    Object.assign(process.env, {
      HOME: '/nowhere',
      USER: 'somebody',
      TZ: 'Asia/Kathmandu',
      LC_ALL: 'tr_TR',
      NODE_ENV: 'development',
    })
    process.chdir(join(two, 'work'))
    for (const path of Object.keys(PROJECT)) utimesSync(join(two, path), 1, 1)
    const second = await build(join(two, 'work/main.ts'))
    assert.equal(second.digest, first.digest)
    assert.deepEqual(second.packages, first.packages)
    assert.equal(second.map, first.map)
  } finally {
    process.chdir(folder)
    process.env = before
  }
  const copy = join(trees.folder, 'copy')
  cpSync(one, copy, { recursive: true })
  assert.equal((await build(join(copy, 'work/main.ts'))).digest, first.digest)
  for (const path of [one, two, copy, trees.folder, ROOT, process.env.HOME ?? '/root'])
    assert.equal(text(first).includes(path), false, path)
})

test('should be the same bytes when the project is reached through a link', async () => {
  const root = trees.plant(PROJECT)
  const link = join(trees.folder, 'link')
  symlinkSync(root, link)
  const straight = await build(join(root, 'work/main.ts'))
  assert.equal((await build(join(link, 'work/main.ts'))).digest, straight.digest)
  const install = join(trees.folder, 'install')
  symlinkSync(ROOT, install)
  const linked = await buildCapsule(join(root, 'work/main.ts'), install, NO_ATTACHMENTS)
  assert.equal(linked.digest, straight.digest)
})

test('should be the same bytes when a package is linked in from a store', async () => {
  const { digest } = await build(join(trees.plant(PROJECT), 'work/main.ts'))
  const moved = Object.fromEntries(
    Object.entries(PROJECT).map(([path, contents]) => [
      path.replace('node_modules/odd/', 'node_modules/.store/odd@1.2.3/node_modules/odd/'),
      contents,
    ]),
  )
  const root = trees.plant(moved)
  symlinkSync('.store/odd@1.2.3/node_modules/odd', join(root, 'node_modules/odd'))
  assert.equal((await build(join(root, 'work/main.ts'))).digest, digest)
})

test('should differ when one character of anything in it differs', async () => {
  const seen = new Set<string>()
  const changes: Files[] = [
    {},
    { 'work/main.ts': PROJECT['work/main.ts']!.replace('half(point.a)', 'half(point.a )+0') },
    { 'shared/half.ts': 'export const half = (n: number): number => n / 3\n' },
    { 'work/numbers.json': '{"list":[1,2,4]}' },
    { 'work/words.txt': 'some wordS\n' },
    { 'node_modules/odd/main.js': PACKAGE['node_modules/odd/main.js']!.replace('"a"', '"A"') },
    { 'node_modules/odd/package.json': '{"name":"odd","version":"1.2.4","main":"main.js"}' },
  ]
  for (const change of changes)
    seen.add((await build(join(trees.plant({ ...PROJECT, ...change }), 'work/main.ts'))).digest)
  assert.equal(seen.size, changes.length)
})

test('should list the packages and files that are in it, and no other', async () => {
  const root = trees.plant(PROJECT)
  const { packages, files } = await build(join(root, 'work/main.ts'))
  const names = packages.map(({ name, version }) => `${name}@${version}`)
  assert.deepEqual(names, [...names].sort())
  assert.ok(names.includes('odd@1.2.3') && names.includes('@scope/deep@4.0.0'))
  assert.ok(names.some((name) => name.startsWith('seedrandom@')))
  assert.ok(!names.some((name) => /^(never|esbuild|reprise)@/.test(name)))
  const expected = ['shared/half.ts', 'work/main.ts', 'work/numbers.json', 'work/words.txt']
  assert.deepEqual(
    files.map(({ path, bytes }) => [path, Buffer.from(bytes)]),
    expected.map((path) => [join(root, path), readFileSync(join(root, path))]),
  )
})

test('should run in an engine, with all that it imports', async () => {
  const capsule = await build(join(trees.plant(PROJECT), 'work/main.ts'))
  const file = join(trees.plant({}), `${capsule.digest}.mjs`)
  writeFileSync(file, capsule.bytes)
  const { loaded } = (await import(pathToFileURL(file).href)) as { loaded: Loaded }
  const launcher = localLauncher()
  const made = { capsule: file, hash: loaded.description.hash, chunks: 2 }
  const done = await record(pool(launcher, { engines: 1 }), assign(made))
  launcher.close()
  assert.match(done.words(1), /"result":\[1,"a\/b",1,\[1,2,3\],"some words\\n","function",0\./)
})

test('should only be loaded, and print nothing, when it is imported', async () => {
  const { bytes, digest } = await build(experimentOf(simple('return 1')))
  const file = join(trees.plant({}), `${digest}.mjs`)
  writeFileSync(file, bytes)
  const before = process.stdin.listenerCount('data')
  const { loaded } = (await import(pathToFileURL(file).href)) as { loaded: Loaded }
  assert.equal(loaded.document.name, 'x')
  assert.equal(process.stdin.listenerCount('data'), before)
})

test('should hold builtins in every spelling', async () => {
  const top = `import test from 'node:test'\nimport fs from 'fs'\nimport * as path from 'node:path'\nimport { sep } from 'path/posix'`
  const { bytes, digest } = await build(
    experimentOf(simple('return [typeof test, typeof fs.readFileSync, path.sep, sep]', top)),
  )
  const file = join(trees.plant({}), `${digest}.mjs`)
  writeFileSync(file, bytes)
  const { loaded } = (await import(pathToFileURL(file).href)) as { loaded: Loaded }
  const surroundings = {
    inputBytes: () => new Uint8Array(),
    log: () => {},
    at: () => {},
    touched: () => {},
    programWork: null,
  }
  const done = await loaded.execute(0, surroundings)
  assert.match(Buffer.from(done.bytes).toString(), /\["function","function","\/","\/"\]/)
})

test('should refuse native addons by name', async () => {
  const addon = {
    'fast.node': '\x7fELF',
    'node_modules/fast/package.json': '{"name":"fast","version":"1.0.0","main":"i.js"}',
  }
  await refused(
    simple('return 1', `import x from './fast.node'\nconsole.log(x)`),
    'capsule',
    { says: 'fast.node is a native addon' },
    addon,
  )
  for (const name of ['bindings', 'node-gyp-build']) {
    const more = { ...addon, 'node_modules/fast/i.js': `module.exports = require('${name}')('fast')` }
    await refused(
      simple('return 1', `import x from 'fast'\nconsole.log(x)`),
      'capsule',
      { says: `${name} is a native addon` },
      more,
    )
  }
})

test('should refuse what it cannot bundle, saying where', async () => {
  await refused(
    simple('return 1', `import x from './data.csv'\nconsole.log(x)`),
    'capsule',
    { subject: 'data.csv', says: /no way to load \.csv/ },
    { 'data.csv': '1,2' },
  )
  await refused(simple('return 1', `import x from './gone.ts'\nconsole.log(x)`), 'capsule', {
    subject: 'main.ts:2:15',
    says: /Could not resolve "\.\/gone\.ts"/,
  })
  await refused(simple('return 1', `import x from 'not-installed'\nconsole.log(x)`), 'capsule', {
    says: /Could not resolve "not-installed"/,
  })
  await refused('export default (', 'capsule', { subject: 'main.ts:1:17' })
  await refused(simple('return { a: 1, b: 2, a: 3 }'), 'capsule', { says: /Duplicate key "a"/ })
})

test('should not complain of a key that a package names twice', async () => {
  const more = {
    'node_modules/twice/package.json': '{"name":"twice","version":"1.0.0"}',
    'node_modules/twice/index.js': 'exports.x = { a: 1, a: 2 }',
  }
  await build(experimentOf(simple('return x.a', `import { x } from 'twice'`), more))
})

test('should refuse a module that exports no experiment when it is loaded', async () => {
  for (const [source, words] of [
    ['export const x = 1', 'has no default export'],
    ['export default { name: "x" }', 'has a default export that is no experiment'],
  ] as const) {
    const { bytes, digest } = await build(experimentOf(source))
    const file = join(trees.plant({}), `${digest}.mjs`)
    writeFileSync(file, bytes)
    await assert.rejects(import(pathToFileURL(file).href), (error: Error & { code: string }) => {
      assert.equal(error.code, 'invalid-experiment')
      assert.ok(error.message.includes(words))
      return true
    })
  }
})

test('should hold attachments in an order of their own', async () => {
  const file = experimentOf(simple('return 1'))
  const made = async (files: Files, inputs: Files) =>
    (await buildCapsule(file, ROOT, { ...NO_ATTACHMENTS, files, inputs })).digest
  const digest = await made({ a: 'QQ==', b: 'Qg==' }, { x: '0'.repeat(64), y: '1'.repeat(64) })
  assert.equal(await made({ b: 'Qg==', a: 'QQ==' }, { y: '1'.repeat(64), x: '0'.repeat(64) }), digest)
  assert.notEqual(await made({ a: 'QQ==', b: 'QQ==' }, { x: '0'.repeat(64), y: '1'.repeat(64) }), digest)
})
