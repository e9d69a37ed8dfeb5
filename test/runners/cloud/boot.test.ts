/**
 * What a container begins with, as the process that it is: it finds credentials wherever its platform has them, has the program it
 * was told of and no other, and says in one line what is wrong.
 */
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ROOT } from '../../../lab/installed.ts'
import { programKey } from '../../../runners/array/layout.ts'
import { IN_VAIN, TASK_ENV } from '../../../runners/cloud/container.ts'
import { cloudProgram } from '../../../runners/cloud/program.ts'
import { digestOf } from '../../conformance/workshop.ts'
import { type Answer, type Asked, GIVEN, platform, serve } from './far-side.ts'

const FOLDER = mkdtempSync(join(tmpdir(), 'reprise-boot-'))
after(() => rmSync(FOLDER, { recursive: true, force: true }))

const PROGRAM = "console.log('it runs', import.meta.url.endsWith('/program.mjs'), process.argv.length)\n"
const SHA256 = createHash('sha256').update(PROGRAM).digest('hex')
const found = ({ path }: Asked): Answer =>
  path === `/bucket/runs/r/${programKey(SHA256)}` ? { body: PROGRAM } : { status: 404 }

let folders = 0

interface Ended {
  readonly code: number | null
  readonly said: string
  readonly error: string
  /** Its folder for temporary files. */
  readonly folder: string
}

async function boot(endpoint: string, env: Record<string, string>): Promise<Ended> {
  const folder = join(FOLDER, String(folders++))
  mkdirSync(folder)
  const text = (await cloudProgram()).boot
  const store = { bucket: 'bucket', prefix: 'runs/r', endpoint, region: 'eu-central-1' }
  const all = {
    ...{ TMPDIR: folder, [TASK_ENV.store]: JSON.stringify(store), [TASK_ENV.program]: SHA256 },
    ...{ AWS_EC2_METADATA_DISABLED: 'true', ...env },
  }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['-e', text], { env: all, cwd: '/' }, (_, said, error) =>
      resolve({ code: child.exitCode, said, error, folder }),
    )
  })
}

const KEYS = { AWS_ACCESS_KEY_ID: GIVEN.AccessKeyId, AWS_SECRET_ACCESS_KEY: GIVEN.SecretAccessKey }

test('should fit into a command, and name no path of this machine', async () => {
  const { boot: text, pod } = await cloudProgram()
  assert.ok(Buffer.byteLength(text) < 12_000, `${Buffer.byteLength(text)} bytes`)
  assert.equal(createHash('sha256').update(pod.bytes).digest('hex'), pod.sha256)
  for (const told of [text, pod.bytes.toString('utf8')])
    for (const path of [process.cwd(), 'node_modules/'])
      assert.ok(!told.includes(path), `${path}: ${told.slice(told.indexOf(path) - 100).slice(0, 200)}`)
})

test('should find credentials wherever its platform has them', async (t) => {
  const store = await serve(t, found)
  const { url } = await serve(t, platform)
  const [token, web] = [join(FOLDER, 'token'), join(FOLDER, 'web')]
  writeFileSync(token, 'the token\n')
  writeFileSync(web, 'a.web.token\n')
  const full = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/with-token` }
  const role = { AWS_ROLE_ARN: 'arn:aws:iam::1:role/tasks', AWS_ENDPOINT_URL_STS: url }
  for (const env of [
    { ...KEYS, AWS_SESSION_TOKEN: GIVEN.Token },
    { ...full, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'the token' },
    { ...full, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: token },
    { ...role, AWS_WEB_IDENTITY_TOKEN_FILE: web },
    { AWS_EC2_METADATA_DISABLED: '', AWS_EC2_METADATA_SERVICE_ENDPOINT: `${url}/` },
  ]) {
    const way = Object.keys(env).join()
    const { code, said, error, folder } = await boot(store.url, env)
    assert.deepEqual([error, said, code], ['', 'it runs true 1\n', 0], way)
    const { headers } = store.asked.at(-1)!
    assert.match(headers.authorization!, /Credential=AKIAGIVEN\/\d{8}\/eu-central-1\/s3\/aws4_request/, way)
    assert.equal(headers['x-amz-security-token'], GIVEN.Token, way)
    assert.equal(readdirSync(folder).length, 1, 'one folder, which the program removes with itself')
  }
})

test('should try again where that may help', async (t) => {
  const troubles: (Answer | null)[] = [{ status: 503 }, null, { status: 429 }]
  const store = await serve(t, (asked) => (troubles.length > 0 ? troubles.shift()! : found(asked)))
  const { said } = await boot(store.url, KEYS)
  assert.equal(said, 'it runs true 1\n')
  assert.ok(store.asked.length >= 4)
})

test('should say in one line what is wrong, and leave nothing', async (t) => {
  let answer: Answer = {}
  const store = await serve(t, () => answer)
  const { url } = await serve(t, platform)
  const web = join(FOLDER, 'wrong')
  writeFileSync(web, 'of somebody else')
  const role = { AWS_ROLE_ARN: 'arn:aws:iam::1:role/tasks', AWS_ENDPOINT_URL_STS: url }
  const at = (address: string) => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: address })
  const refusal = (status: number, code: string) => ({ status, body: `<Error><Code>${code}</Code></Error>` })
  const cases: [Answer, Record<string, string>, number, RegExp][] = [
    [{}, {}, IN_VAIN, /^Error: no credentials for the store: give the task a secret, or a role/],
    [refusal(403, 'AccessDenied'), KEYS, IN_VAIN, /refuses .*: 403 AccessDenied, for http:.*\/runs\/r\//],
    [refusal(404, 'NoSuchKey'), KEYS, IN_VAIN, /program is not in the store, at http:.*: 404 NoSuchKey/],
    [refusal(404, 'NoSuchBucket'), KEYS, IN_VAIN, /the store has no bucket bucket: 404 NoSuchBucket/],
    [{ body: 'another program' }, KEYS, IN_VAIN, /is not the one of its digest/],
    [{ status: 418 }, KEYS, 1, /does not answer as a store: 418/],
    [{}, at(`${url}/with-token`), 1, /127\.0\.0\.1:\d+ gives no credentials: 401/],
    [{}, at('http://192.0.2.1/x'), 1, /not asked for in the clear at 192\.0\.2\.1/],
    [{}, { ...role, AWS_WEB_IDENTITY_TOKEN_FILE: web }, 1, /role .*\/tasks was not given: 400 The token is/],
  ]
  for (const [told, env, expected, line] of cases) {
    answer = told
    const { code, said, error, folder } = await boot(store.url, env)
    assert.match(error, line)
    assert.equal(error.trimEnd().split('\n').length, 1, error)
    assert.deepEqual([code, said, readdirSync(folder)], [expected, '', []], error)
    assert.ok(!error.includes(GIVEN.SecretAccessKey))
  }
})

test('should be made of the same sources as the same bytes, by another process too, and name no place', async () => {
  const { boot, pod } = await cloudProgram()
  const url = JSON.stringify(new URL('../../../runners/cloud/program.js', import.meta.url))
  const ask = `const { boot, pod } = await (await import(${url})).cloudProgram(); console.log(JSON.stringify([pod.sha256, boot]))`
  const words = ['--input-type=module', '-e', ask]
  const said = execFileSync(process.execPath, words, { cwd: '/', encoding: 'utf8' })
  assert.deepEqual(JSON.parse(said), [pod.sha256, boot])
  assert.equal(digestOf(pod.bytes), pod.sha256)
  for (const text of [boot, pod.bytes.toString('utf8')]) assert.ok(!text.includes(ROOT), 'it names a place')
})
