/**
 * The Node that engines run on: what is taken for one, and what is not; how versions are fetched by the real npm from a
 * registry of the test's own, kept, and fetched again. The last test asks the registry that npm is set to.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { RepriseError } from '../../lib/errors.ts'
import { isVersion, LEAST } from '../../runners/node-version.ts'
import { findRuntime, TODAYS } from '../../runners/runtime.ts'
import { runtimeCache } from '../../runners/runtime-cache.ts'
import { eventually } from '../cli/project.ts'
import { type Published, Registry } from './registry.ts'

const FETCHER = fileURLToPath(new URL('./fetcher.js', import.meta.url))

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-runtime-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  return folder
}

function script(path: string, body: string): string {
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}

/** A registry with these versions, and a cache that is empty. */
async function published(t: TestContext, versions: Readonly<Record<string, Published>>) {
  const registry = await Registry.start(versions)
  t.after(() => registry.close())
  const cache = join(folderFor(t), 'cache', 'runtimes')
  const said: string[] = []
  const env = { ...process.env, ...registry.env }
  const find = (word: string, more: NodeJS.ProcessEnv = {}) =>
    findRuntime(word, { cache, env: { ...env, ...more }, say: (line) => said.push(line) })
  /** The same in a process of its own. */
  const start = (word: string): ChildProcess =>
    spawn(process.execPath, [FETCHER, word, cache], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  return {
    registry,
    cache,
    said,
    find,
    start,
    folder: join(cache, `v22.99.1-${process.platform}-${process.arch}`),
  }
}

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : [])

function refusal(code: string, says: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof RepriseError, String(error))
    assert.equal(error.code, code, error.line)
    assert.match(error.line, says)
    assert.match(error.line, /leave --runtime out/, 'says what to do without it')
    return true
  }
}

test('should need no fetching for the version that runs already', async (t) => {
  const { find, registry, cache } = await published(t, {})
  for (const word of [process.version, process.version.slice(1)]) assert.deepEqual(await find(word), TODAYS)
  assert.deepEqual([registry.asked, namesIn(cache)], [[], []])
})

test('should take a path whose executable answers as Node does', async (t) => {
  const folder = folderFor(t)
  symlinkSync(process.execPath, join(folder, 'node of mine'))
  const path = join(folder, 'node of mine')
  assert.deepEqual(await findRuntime(path), { path, version: process.version })
  assert.deepEqual(await findRuntime(relative(process.cwd(), path)), { path, version: process.version })
})

test('should refuse a path that is no Node, or one too old', async (t) => {
  const folder = folderFor(t)
  writeFileSync(join(folder, 'text'), 'v22.23.3\n')
  const wrong: readonly (readonly [path: string, says: RegExp])[] = [
    [join(folder, 'text'), /cannot be executed as Node.*EACCES/],
    [folder, /cannot be executed as Node/],
    [script(join(folder, 'words'), 'echo hello'), /is no Node: --version answers "hello"/],
    [script(join(folder, 'silent'), 'exit 0'), /is no Node: --version answers ""/],
    [script(join(folder, 'bun'), 'echo 1.3.0'), /is no Node/],
    [script(join(folder, 'fails'), 'echo v22.23.3; exit 3'), /exit code 3/],
    [script(join(folder, 'dies'), 'kill -9 $$'), /was ended by SIGKILL/],
    [
      script(join(folder, 'old'), 'echo v18.20.1'),
      /engines need Node 20\.19 or later, and this is v18\.20\.1/,
    ],
    [script(join(folder, 'older'), 'echo v20.18.3'), /v20\.18\.3/],
  ]
  for (const [path, says] of wrong) await assert.rejects(findRuntime(path), refusal('engine', says), path)
  await assert.rejects(
    findRuntime(join(folder, 'nothing')),
    refusal('not-found', /neither a version .* nor a file/),
  )
})

test('should take its least version from the package', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  assert.equal(engines.node, `>=${LEAST}`)
})

test('should fetch no version that engines cannot run on', async (t) => {
  const { find, registry } = await published(t, { '20.18.3': {} })
  await assert.rejects(find('20.18.3'), refusal('engine', /engines need Node 20\.19/))
  assert.deepEqual(registry.asked, [])
})

test('should let no hostile word near a command line or a path of the cache', async (t) => {
  const { find, registry, cache } = await published(t, {})
  const hostile = ['', ' ', '22', 'latest', '22.23.3 ', ' 22.23.3', '22.23.3\n', 'v22.23.3\nv22.23.3', 'vv22.23.3', 'V22.23.3',
    '22.23.3-rc.1', '22.23.3; touch PWN', '$(touch PWN)', '22.23.3 --ignore-scripts=false', '--version', '-p', '22.23.3/../..',
    '../22.23.3', '../../v22.23.3-linux-x64', '22.23.3@npm:evil', 'npm:evil@1.0.0', 'file:..', '1e1.0.0', '022.23.3', 'v22.023.3', '22.23.03', '22.23.99999', '2'.repeat(100_000), '٢٢.١.١', '\0'] // biome-ignore format: a list of words
  for (const word of hostile) {
    assert.equal(isVersion(word), false, JSON.stringify(word))
    const rejected = find(word).catch((error: RepriseError) => {
      assert.ok(error.line.length < 500, 'and is not told whole')
      throw error
    })
    await assert.rejects(
      rejected,
      refusal('not-found', /neither a version/),
      JSON.stringify(word).slice(0, 80),
    )
  }
  assert.deepEqual([registry.asked, namesIn(cache), existsSync('PWN')], [[], [], false])
})

test('should keep what it fetched, whole, and ask nobody the next time', async (t) => {
  const { find, registry, cache, folder, said } = await published(t, { '22.99.1': {} })
  const expected = { path: join(folder, 'node'), version: 'v22.99.1' }
  assert.deepEqual(await find('22.99.1'), expected)
  assert.match(said[0]!, /^fetching Node v22\.99\.1 from the npm registry/)
  assert.deepEqual(namesIn(cache), [folder.slice(cache.length + 1)], 'and nothing else is left')
  assert.deepEqual(namesIn(folder), ['node', 'runtime.json'])
  const asked = registry.asked.length
  assert.deepEqual(await find('v22.99.1'), expected)
  assert.deepEqual([registry.asked.length, said.length], [asked, 1])
})

test('should fetch whatever npm is set to otherwise, and execute no script of a package', async (t) => {
  const marker = join(folderFor(t), 'executed')
  const { find, folder } = await published(t, { '22.99.1': { script: `echo x > '${marker}'` } })
  const prefix = join(folderFor(t), 'global')
  const env = {
    global: 'true',
    location: 'global',
    prefix,
    save: 'false',
    lockfile_version: '1',
    workspace: 'w',
    include_workspace_root: 'true',
    dry_run: 'true',
    ignore_scripts: 'false',
    package_lock: 'false',
    package_lock_only: 'true',
    json: 'true',
  }
  const set = Object.fromEntries(Object.entries(env).map(([name, value]) => [`npm_config_${name}`, value]))
  assert.equal((await find('22.99.1', set)).path, join(folder, 'node'))
  assert.deepEqual([existsSync(marker), existsSync(prefix)], [false, false])
})

test('should not use an executable that changed in the cache', async (t) => {
  const { find, registry, folder, said, cache } = await published(t, { '22.99.1': {} })
  const { path } = await find('22.99.1')
  const before = readFileSync(path, 'utf8')
  const changes: readonly (() => void)[] = [
    () => writeFileSync(path, before.replace('echo', 'echo ')),
    () => rmSync(path),
    () => rmSync(join(folder, 'runtime.json')),
    () => writeFileSync(join(folder, 'runtime.json'), '{}'),
  ]
  for (const [i, change] of changes.entries()) {
    change()
    await find('22.99.1')
    assert.equal(readFileSync(path, 'utf8'), before)
    assert.match(said.at(-2)!, /is not what was fetched: it is not used, and fetched again/)
    assert.equal(said.length, 1 + 2 * (i + 1))
  }
  assert.equal(namesIn(cache).length, 1)
  writeFileSync(path, '#!/bin/sh\necho v22.99.1\n')
  registry.close()
  await assert.rejects(
    find('22.99.1', { npm_config_cache: join(cache, '..', 'npm') }),
    refusal('engine', /registry cannot be reached/),
  )
})

test('should refuse a package that is not what its registry states, and keep nothing', async (t) => {
  const { find, cache } = await published(t, {
    '22.99.1': { digest: 'wrong' },
    '22.99.2': { digest: 'sha1 alone' },
    '22.99.3': { answers: 'v22.99.1' },
    '22.99.4': { text: 'no program at all' },
    '22.99.5': { empty: true },
  })
  await assert.rejects(find('22.99.1'), refusal('engine', /other bytes than the registry states.*EINTEGRITY/))
  await assert.rejects(find('22.99.2'), refusal('engine', /has no SHA-512/))
  await assert.rejects(find('22.99.3'), refusal('engine', /holds Node v22\.99\.1, not v22\.99\.3/))
  await assert.rejects(find('22.99.4'), refusal('engine', /cannot be executed as Node/))
  await assert.rejects(find('22.99.5'), refusal('engine', /holds no executable/))
  assert.deepEqual(namesIn(cache), [])
})

test('should say that a version, or a package, is not published', async (t) => {
  const { find, cache } = await published(t, { '22.99.1': {} })
  await assert.rejects(
    find('22.99.9'),
    refusal('not-found', /Node v22\.99\.9 \(package node-.*is not published/),
  )
  assert.deepEqual(namesIn(cache), [])
  const empty = await published(t, {})
  await assert.rejects(empty.find('22.99.1'), refusal('not-found', /is not published.*E404/))
})

test('should say soon that the registry cannot be reached', async (t) => {
  const { find, cache } = await published(t, {})
  const start = performance.now()
  const away = { npm_config_registry: 'http://127.0.0.1:9/' }
  await assert.rejects(find('22.99.1', away), refusal('engine', /registry cannot be reached.*online/))
  await assert.rejects(
    find('22.99.1', { npm_config_offline: 'true' }),
    refusal('engine', /cannot be reached/),
  )
  assert.ok(performance.now() - start < 40_000)
  assert.deepEqual(namesIn(cache), [])
})

test('should say that npm is not there', async (t) => {
  const folder = folderFor(t)
  const alone = join(folder, 'node')
  try {
    linkSync(process.execPath, alone)
  } catch {
    copyFileSync(process.execPath, alone) // on another disk
  }
  const { stdout } = spawnSync(alone, [FETCHER, '22.99.1', join(folder, 'cache')], {
    env: { PATH: folder },
    encoding: 'utf8',
  })
  assert.match(stdout, /npm: is needed to fetch Node, and cannot be started: .*ENOENT.*Install npm/)
  assert.deepEqual(namesIn(join(folder, 'cache')), [])
})

test('should say that the cache cannot be written', async (t) => {
  const file = join(folderFor(t), 'file')
  writeFileSync(file, '')
  await assert.rejects(
    findRuntime('22.99.1', { cache: join(file, 'cache') }),
    refusal('storage', /cannot be kept there.*XDG_CACHE_HOME/),
  )
})

test('should not wait for ever for a cache that can never be made', { skip: !existsSync('/proc') }, () => {
  const { stdout, signal } = spawnSync(process.execPath, [FETCHER, '22.99.1', '/proc/x/runtimes'], {
    encoding: 'utf8',
    timeout: 20_000, // in a process of its own: what hangs here hangs in one call
    killSignal: 'SIGKILL',
  })
  assert.equal(signal, null)
  assert.match(stdout, /\/proc\/x\/runtimes: Node cannot be kept there/)
})

test('should let fetches of one version at once come to one end', async (t) => {
  const { cache, folder, start } = await published(t, { '22.99.1': {} })
  const outputs = [1, 2, 3].map(() => outputOf(start('22.99.1')))
  for (const output of await Promise.all(outputs))
    assert.deepEqual(JSON.parse(output), { path: join(folder, 'node'), version: 'v22.99.1' })
  assert.deepEqual(namesIn(cache), [folder.slice(cache.length + 1)])
})

test('should take nothing of a killed fetch for whole, and fetch again', async (t) => {
  const { cache, folder, start, find, registry } = await published(t, { '22.99.1': { stalls: true } })
  const child = start('22.99.1')
  await eventually('a tarball is half there', () => registry.stalls)
  child.kill('SIGKILL')
  await outputOf(child)
  const left = namesIn(cache)
  assert.equal(left.length, 1)
  assert.match(left[0]!, /^\.fetch-/)
  registry.release()
  assert.deepEqual(await find('22.99.1'), { path: join(folder, 'node'), version: 'v22.99.1' })
  assert.match(readFileSync(join(folder, 'node'), 'utf8'), /long long/)
})

test('should remove what killed fetches left, a day later', async (t) => {
  const { cache, find } = await published(t, { '22.99.1': {} })
  for (const name of ['.fetch-old', '.fetch-new']) mkdirSync(join(cache, name), { recursive: true })
  spawnSync('touch', ['-d', '2 days ago', join(cache, '.fetch-old')])
  await find('22.99.1')
  assert.deepEqual(
    namesIn(cache).filter((name) => name.startsWith('.')),
    ['.fetch-new'],
  )
})

test("should keep versions in the user's cache", () => {
  assert.equal(runtimeCache({ HOME: '/home/a' }), '/home/a/.cache/reprise/runtimes')
  assert.equal(runtimeCache({ HOME: '/home/a', XDG_CACHE_HOME: '/c' }), '/c/reprise/runtimes')
  assert.equal(runtimeCache({ HOME: '/home/a', XDG_CACHE_HOME: 'c' }), '/home/a/.cache/reprise/runtimes')
})

test('should fetch a Node from the registry that npm is set to', async (t) => {
  const word = process.version === 'v22.23.3' ? '24.21.0' : '22.23.3'
  const cache = folderFor(t)
  try {
    const { path, version } = await findRuntime(word, { cache })
    const { stdout } = spawnSync(path, ['-p', 'process.release.name + process.version + 2 ** 0.5'], {
      encoding: 'utf8',
    })
    assert.equal(stdout, `nodev${word}1.4142135623730951\n`)
    assert.equal(version, `v${word}`)
  } catch (error) {
    if (!(error instanceof RepriseError) || !/cannot be reached/.test(error.message)) throw error
    console.error(`NOT CHECKED: no Node was fetched from the npm registry: ${error.line}`)
    t.skip('the npm registry cannot be reached')
  }
})

function outputOf(child: ChildProcess): Promise<string> {
  let output = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  return new Promise((resolve) => child.on('close', () => resolve(output)))
}
