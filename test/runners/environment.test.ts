/**
 * Law 1: what surrounds the caller does not reach the engine; what surrounds one engine surrounds all. What is recorded
 * of it: enough to judge bits by, nothing about the user.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { homedir, hostname, tmpdir, userInfo } from 'node:os'
import { after, test } from 'node:test'
import { bareFlags, environment, ownEnvironment } from '../../runners/environment.ts'
import { engineEnvironment, localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import { each } from '../conformance/experiments.ts'
import { record } from '../conformance/recorder.ts'
import { assign, Workshop } from '../conformance/workshop.ts'

const workshop = new Workshop()
after(() => workshop.close())

const BODY = `return {
  env: { ...process.env }, cwd: process.cwd(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  offset: new Date(2024, 6, 1).getTimezoneOffset(), locale: Intl.NumberFormat().resolvedOptions().locale,
  text: new Date(0).toString(), words: process.execArgv, listing: fs.readdirSync('.'),
}`

interface Seen {
  readonly env: Record<string, string>
  readonly cwd: string
  readonly words: string[]
  readonly listing: string[]
}

async function seen(): Promise<Seen> {
  const made = await workshop.make(each(1, BODY, `import fs from 'node:fs'`))
  const launcher = localLauncher()
  const done = await record(pool(launcher, { engines: 1 }), assign(made))
  assert.ok(existsSync(launcher.scratch))
  launcher.close()
  assert.equal(existsSync(launcher.scratch), false)
  return (JSON.parse(done.words(0)) as { jobs: { result: Seen }[] }).jobs[0]!.result
}

const FOREIGN = {
  TZ: 'Asia/Kathmandu',
  LC_ALL: 'cs_CZ.UTF-8',
  LANG: 'de_DE.UTF-8',
  NODE_OPTIONS: '--stack-trace-limit=3',
  NODE_ENV: 'development',
  FORCE_COLOR: '1',
  SECRET_TOKEN: 'do not tell',
  REPRISE_LAB: '/somewhere',
}

test('should keep the caller’s zone, locale, folder and variables from the engine', async () => {
  const before = { ...process.env }
  const folder = process.cwd()
  const plain = await seen()
  let other: Seen
  try {
    Object.assign(process.env, FOREIGN)
    process.chdir(tmpdir())
    other = await seen()
  } finally {
    process.chdir(folder)
    for (const name of Object.keys(FOREIGN)) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  }
  assert.notEqual(other.cwd, tmpdir())
  assert.deepEqual({ ...other, cwd: '' }, { ...plain, cwd: '' })
  assert.deepEqual([plain.words, plain.listing], [[], []])
  assert.equal(plain.env.TZ, 'UTC')
})

test('should pass on nothing but what finding programs and libraries takes', () => {
  const given = { PATH: 'p', HOME: 'h', TMPDIR: 't', LD_LIBRARY_PATH: 'l', ...FOREIGN }
  assert.deepEqual(engineEnvironment(given), {
    PATH: 'p',
    HOME: 'h',
    TMPDIR: 't',
    LD_LIBRARY_PATH: 'l',
    TZ: 'UTC',
    LC_ALL: 'C',
    LANG: 'C',
    NO_COLOR: '1',
  })
})

test('should tell versions, machine and nothing else', () => {
  const told = environment()
  const { cpuFlags, libc, ...machine } = told
  const keys = ['arch', 'cores', 'cpu', 'icu', 'kernel', 'memory', 'node', 'os', 'v8']
  assert.deepEqual(Object.keys(machine).sort(), keys)
  assert.equal(told.node, process.version)
  for (const [key, value] of Object.entries(machine)) {
    if (key === 'cores' || key === 'memory') assert.ok(Number.isSafeInteger(value) && Number(value) > 0)
    else assert.ok(typeof value === 'string' && value !== '', key)
  }
  if (process.platform !== 'linux') return
  assert.match(libc!, /^(glibc \d|musl)/)
  assert.ok(cpuFlags!.every((flag) => typeof flag === 'string'))
})

test('should tell neither user nor host nor home', () => {
  const { username } = userInfo()
  const text = JSON.stringify(ownEnvironment())
  for (const secret of [homedir(), hostname(), username === 'root' ? '/root' : username])
    assert.equal(text.includes(secret), false, secret)
  const before = { ...process.env }
  process.env.SECRET_TOKEN = 'sesame'
  assert.equal(JSON.stringify(ownEnvironment()).includes('sesame'), false)
  process.env = before
})

test('should tell flags without the places that they name', () => {
  const words = ['--jitless', '--stack-size=2000', '--import', '/home/ada/hook.mjs', '-e', 'secret()']
  assert.deepEqual(bareFlags([...words, '--require=/home/ada/x.cjs', '--env-file=C:\\ada\\.env']), [
    '--jitless',
    '--stack-size=2000',
    '--import',
    '-e',
    '--require=x.cjs',
    '--env-file=.env',
  ])
  const { flags, fingerprint, ...machine } = ownEnvironment()
  assert.deepEqual([flags, machine], [bareFlags(process.execArgv), environment()])
  assert.equal(typeof fingerprint, 'object')
})
