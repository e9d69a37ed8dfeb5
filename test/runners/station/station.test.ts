/** A station executes a real capsule with the bits of this process, and keeps what it is given by digest alone. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { NO_ATTACHMENTS } from '../../../provenance/capsule.ts'
import { binaryDigest } from '../../../runners/binary.ts'
import { fingerprintHere } from '../../../runners/environment.ts'
import type { Launcher } from '../../../runners/launcher.ts'
import { pool } from '../../../runners/pool.ts'
import type { OpenStation } from '../../../runners/station/open.ts'
import { DRAWS, each } from '../../conformance/experiments.ts'
import { record } from '../../conformance/recorder.ts'
import { assign, digestOf, expectedLeaves, Workshop } from '../../conformance/workshop.ts'
import { nodesOf } from '../../portability/nodes.ts'
import { filesIn, folderFor, keepText, outputOf, stationFor } from './shell.ts'

const workshop = new Workshop()
after(() => workshop.close())

/** Of the platform, before a capsule that is loaded here puts its own Math in place. */
const HERE = fingerprintHere()

const launcherOf = (station: OpenStation, capsule: string, inputs: readonly string[] = []): Launcher => ({
  kind: 'station',
  launch: () => station.launch(capsule, inputs),
  close: () => {},
})

test('should execute a capsule with the bits of this process, and say on what', async (t) => {
  const station = await stationFor(t)
  const made = await workshop.make(DRAWS)
  const sha256 = digestOf(readFileSync(made.capsule))
  await station.keep([{ kind: 'capsule', sha256, path: made.capsule }])
  const runner = pool(launcherOf(station, sha256), { engines: 2 })
  const recorder = await record(runner, assign(made))
  const leaves = await expectedLeaves(made)
  assert.deepEqual(recorder.losses, [])
  assert.deepEqual(
    leaves.map((_, chunk) => recorder.leaf(chunk)),
    leaves,
  )
  const binary = await binaryDigest(process.execPath)
  for (const { environment } of recorder.engines) assert.equal(environment?.binary, binary)
  assert.deepEqual(await station.fingerprint(), HERE)
  const { facts, traffic, latencyMs } = station
  assert.equal(facts.node, process.version)
  assert.ok(Math.abs(facts.clock - Date.now()) < 60_000 && facts.free > 0 && facts.memory > 0)
  assert.ok(latencyMs > 0 && latencyMs < 5_000)
  assert.ok(traffic.sent > statSync(made.capsule).size && traffic.received > 1_000)
})

test('should give engines the inputs that it keeps', async (t) => {
  const station = await stationFor(t)
  const words = 'žluťoučký kůň'
  const digest = digestOf(words)
  const source = each(2, `return input.text('words')`, '', `inputs: { words: 'words.txt' },`)
  const made = await workshop.make(source, { ...NO_ATTACHMENTS, inputs: { words: digest } })
  const sha256 = digestOf(readFileSync(made.capsule))
  const path = workshop.file('words.txt', words)
  await station.keep([
    { kind: 'capsule', sha256, path: made.capsule },
    { kind: 'input', sha256: digest, path },
  ])
  const engine = station.launch(sha256, [digest])
  engine.kill()
  assert.deepEqual(Object.keys(engine.inputs ?? {}), [digest])
  const runner = pool(launcherOf(station, sha256, [digest]), { engines: 1 })
  const recorder = await record(runner, assign(made, undefined, { [digest]: path }))
  assert.match(recorder.words(0), new RegExp(words))
})

test('should relay streams as they are, give engines the environment it is told to, and no other', async (t) => {
  const env = { GREETING: `it's "$HOME"\n$(touch PWN)`, LANG: 'own' }
  const station = await stationFor(t, { env })
  const text = `process.stdin.pipe(process.stdout); console.error(JSON.stringify(process.env)); process.exitCode = 7`
  const engine = station.launch(await keepText(station, text, folderFor(t)), [], { MORE: '1' })
  const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7919) >> 3))
  engine.stdin.end(sent)
  const shown = readFileSync(`/proc/${station.shell.pid}/cmdline`, 'utf8')
  assert.match(shown, /^reprise-station/) // and nothing of what it was told
  const [out, err] = await Promise.all([engine.stdout.toArray(), engine.stderr.toArray()])
  assert.ok(Buffer.concat(out).equals(sent))
  assert.deepEqual(await engine.ended, { how: 'exit code 7', unreachable: false })
  const { GREETING, LANG, MORE, TZ, ...rest } = JSON.parse(Buffer.concat(err).toString())
  assert.deepEqual({ GREETING, LANG, MORE, TZ }, { ...env, MORE: '1', TZ: 'UTC' })
  assert.ok(
    Object.keys(rest).every((name) => /^(PATH|HOME|TMPDIR|LD_LIBRARY_PATH|LC_ALL|NO_COLOR)$/.test(name)),
  )
})

test('should run on other versions of Node', async (t) => {
  const bytes = Buffer.alloc(1_000_000, 'n')
  for (const { version, path } of await nodesOf(['20.19.0', '22.23.3', '24.21.0', '26.10.0'])) {
    const station = await stationFor(t, { node: path })
    assert.equal(station.facts.node, version)
    const text = `process.stdin.pipe(process.stdout); console.error(process.version)`
    const engine = station.launch(await keepText(station, text, folderFor(t)), [])
    engine.stdin.end(bytes)
    const { out, err, how } = await outputOf(engine)
    assert.deepEqual([out.equals(bytes), err, how], [true, `${version}\n`, 'exit code 0'])
    assert.equal(await engine.binary, await binaryDigest(path))
    assert.ok('Math.pow' in (await station.fingerprint()))
    await station.close()
  }
})

test('should send what is kept once, and again only what is no longer intact', async (t) => {
  const station = await stationFor(t)
  const bytes = Buffer.alloc(3_000_000, 'x')
  const path = workshop.file('big', bytes)
  const content = { kind: 'input', sha256: digestOf(bytes), path } as const
  const sentFor = async () => {
    const before = station.traffic.sent
    await Promise.all([station.keep([content]), station.keep([content])])
    return station.traffic.sent - before
  }
  const first = await sentFor()
  assert.ok(first >= 3_000_000 && first < 3_100_000, `${first} bytes at first`)
  assert.ok((await sentFor()) < 2_000)
  const kept = join(station.facts.directory, 'inputs', content.sha256)
  const { mtime } = statSync(kept)
  writeFileSync(kept, 'y', { flag: 'r+' })
  utimesSync(kept, mtime, mtime)
  assert.ok((await sentFor()) >= 3_000_000)
  assert.ok(readFileSync(kept).equals(bytes))
})

test('should refuse what is not what its digest says, and leave nothing of it', async (t) => {
  const station = await stationFor(t)
  const path = workshop.file('other', 'other bytes')
  const digest = digestOf('these bytes')
  for (const kind of ['capsule', 'input'] as const)
    await assert.rejects(station.keep([{ kind, sha256: digest, path }]), { code: 'not-intact' })
  const tricks = [`../../${digest}`, digest.toUpperCase(), '', `${digest}/`, '__proto__']
  for (const sha256 of tricks)
    await assert.rejects(station.keep([{ kind: 'input', sha256, path }]), { code: 'usage' })
  await assert.rejects(station.keep([{ kind: 'input', sha256: digest, path: `${path}.not` }]), {
    code: 'not-found',
  })
  const call = station.call('put', { kind: 'input', sha256: digestOf('abc'), bytes: 3 })
  call.input.write('ab')
  call.cancel()
  await assert.rejects(call.result)
  assert.deepEqual(
    filesIn(station.facts.directory).filter((name) => /^(capsules|inputs)\//.test(name)),
    [],
  )
  const engine = station.launch(digest, [])
  const { how } = await outputOf(engine)
  assert.match(how, /could not be started.*not there/)
  await assert.rejects(station.call('no such verb').result, { code: 'usage' })
})

test('should let two stations of one folder put the same at once, and know that it is one folder', async (t) => {
  const directory = join(folderFor(t), 'shared')
  const [one, two] = await Promise.all([stationFor(t, { directory }), stationFor(t, { directory })])
  const other = await stationFor(t)
  assert.equal(one.facts.directoryId, two.facts.directoryId)
  assert.notEqual(one.facts.directoryId, other.facts.directoryId)
  const bytes = Buffer.alloc(5_000_000, 'z')
  const content = { kind: 'input', sha256: digestOf(bytes), path: workshop.file('z', bytes) } as const
  await Promise.all([one.keep([content]), two.keep([content])])
  assert.ok(readFileSync(join(directory, 'inputs', content.sha256)).equals(bytes))
  assert.equal(filesIn(join(directory, 'inputs')).length, 1)
})

test('should remove what writers that were killed left behind, once nobody has touched it for long', async (t) => {
  const directory = folderFor(t)
  const station = await stationFor(t, { directory })
  await keepText(station, '1', folderFor(t))
  const [old, young] = ['0', '1'].map((digit) => join(directory, 'capsules', `.${digit.repeat(16)}.part`))
  for (const path of [old!, young!]) writeFileSync(path, 'half')
  utimesSync(old!, 1, 1)
  await keepText(station, '2', folderFor(t))
  assert.deepEqual([existsSync(old!), existsSync(young!)], [false, true])
})
