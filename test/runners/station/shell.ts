/** Shells of this machine as channels, for stations that need no ssh; and folders for them. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Channel, Ending } from '../../../runners/channel.ts'
import type { EngineProcess } from '../../../runners/launcher.ts'
import { type OpenStation, openStation, type StationOptions } from '../../../runners/station/open.ts'
import { digestOf } from '../../conformance/workshop.ts'

export interface LocalShell extends Channel {
  readonly child: ChildProcess
  readonly pid: number
}

/** A process as a shell; the words may be those of any other shell that becomes it. */
export function localShell(
  words: readonly string[] = ['/bin/sh'],
  env: NodeJS.ProcessEnv = process.env,
  cwd = tmpdir(),
): LocalShell {
  const child = spawn(words[0]!, words.slice(1), { stdio: 'pipe', env, cwd })
  const ended = new Promise<Ending>((resolve) => {
    child.on('error', (error) => resolve({ how: error.message, unreachable: true }))
    child.on('close', (code, signal) => resolve({ how: `exit ${code ?? signal}`, unreachable: false }))
  })
  const { stdin, stdout, stderr } = child
  return { stdin, stdout, stderr, ended, child, pid: child.pid!, kill: () => child.kill('SIGKILL') }
}

/** A folder that is gone after the test. */
export function folderFor(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'reprise-test-')))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A station of this machine in a folder of its own, closed after the test. Its program is `shell.pid`. */
export async function stationFor(
  t: TestContext,
  options: StationOptions = {},
  words?: readonly string[],
): Promise<OpenStation & { shell: LocalShell }> {
  const shell = localShell(words)
  t.after(() => shell.kill())
  const station = await openStation(shell, { directory: join(folderFor(t), 'kept'), ...options })
  t.after(() => station.close())
  return Object.assign(station, { shell })
}

/** Keeps a text as a capsule: its digest. */
export async function keepText(station: OpenStation, text: string, scratch: string): Promise<string> {
  const sha256 = digestOf(text)
  const path = join(scratch, sha256)
  writeFileSync(path, text)
  await station.keep([{ kind: 'capsule', sha256, path }])
  return sha256
}

/** All that an engine prints until it ends. */
export async function outputOf(engine: EngineProcess): Promise<{ out: Buffer; err: string; how: string }> {
  const [out, err] = await Promise.all([engine.stdout.toArray(), engine.stderr.toArray()])
  const { how } = await engine.ended
  return { out: Buffer.concat(out), err: Buffer.concat(err).toString(), how }
}

export async function until(what: string, holds: () => boolean, ms = 30_000): Promise<void> {
  const end = performance.now() + ms
  while (!holds()) {
    assert.ok(performance.now() < end, `${what} did not happen`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Everything that lies in a folder, as relative paths. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
}

/** Processes whose command line or environment has this word in it. */
export function processesWith(word: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => ['cmdline', 'environ'].some((file) => readProc(name, file).includes(word)))
    .map(Number)
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return '' // gone meanwhile
  }
}

export function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}
