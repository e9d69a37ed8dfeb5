/** What cannot work is said in one line: what it is and what to do; and no secret is in it, however closely one looks. */
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, afterEach, before, test } from 'node:test'
import { inspect } from 'node:util'
import { RepriseError } from '../../../lib/errors.ts'
import { s3Check } from '../../../runners/s3/check.ts'
import type { S3Place } from '../../../runners/s3/place.ts'
import { endings } from '../../conformance/endings.ts'
import { Workshop } from '../../conformance/workshop.ts'
import { type S3Service, startS3 } from '../../s3/server.ts'

const workshop = new Workshop()
after(() => workshop.close())
const t = endings()
const SECRET = 'a-secret-that-nobody-must-see'
const RETRIES = { attempts: 2, pauseMs: 1 }
const QUIET = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
}

let s3: S3Service
before(async () => {
  s3 = await startS3(t)
})
afterEach(() => {
  s3.faults.choose = () => null
})

/** Checks with these variables of AWS, and no others. */
async function check(place: Partial<S3Place> | null, env: Readonly<Record<string, string>> = s3.env) {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  Object.assign(process.env, QUIET, env)
  const where = place === null ? { bucket: 'lab' } : { ...s3.place, prefix: 'lab/x', ...place }
  return s3Check(where, { retries: RETRIES, connectMs: 2_000 })
}

async function refuses(
  words: RegExp,
  place: Partial<S3Place> | null,
  env?: Readonly<Record<string, string>>,
): Promise<void> {
  await assert.rejects(check(place, env), (error) => {
    assert.ok(error instanceof RepriseError && error.code === 'storage', String(error))
    assert.match(error.line, words)
    assert.ok(!error.line.includes('\n') && error.remedy !== '')
    assert.ok(!inspect(error, { depth: 20, showHidden: true }).includes(SECRET), 'no secret is in it')
    return true
  })
}

test('should say what a place can do, and leave nothing there', async () => {
  const facts = await check({})
  assert.deepEqual(facts, {
    place: `s3://lab/lab/x at ${s3.endpoint}`,
    region: 'us-east-1',
    putsOnce: true,
    removes: true,
  })
  s3.faults.choose = ({ path }) =>
    path.endsWith('.put-once') ? { status: 501, code: 'NotImplemented' } : null
  assert.equal((await check({})).putsOnce, false, 'a service that knows no such header')
  s3.faults.choose = ({ method }) => (method === 'DELETE' ? { status: 403, code: 'AccessDenied' } : null)
  assert.equal((await check({})).removes, false)
})

test('should find credentials in a profile of the user, and use no others', async () => {
  const file = workshop.file(
    'credentials',
    '[lab]\naws_access_key_id = S3RVER\naws_secret_access_key = S3RVER\n',
  )
  const env = { AWS_SHARED_CREDENTIALS_FILE: file, AWS_REGION: 'us-east-1' }
  assert.equal((await check({ profile: 'lab' }, env)).putsOnce, true)
  await refuses(/no credentials can be had/, {}, env)
})

test('should say which credentials are wrong', async () => {
  const wrong = { ...s3.env, AWS_SECRET_ACCESS_KEY: SECRET }
  await refuses(/not taken \(InvalidAccessKeyId\)/, {}, { ...wrong, AWS_ACCESS_KEY_ID: 'NOBODY' })
  await refuses(/no credentials can be had for it/, {}, { AWS_REGION: 'us-east-1' })
  s3.faults.choose = () => ({ status: 403, code: 'SignatureDoesNotMatch' })
  await refuses(
    /s3:\/\/lab\/lab\/x\/ at http.*: its credentials are not taken \(SignatureDoesNotMatch\)\. Set AWS_/,
    {},
    wrong,
  )
  s3.faults.choose = () => ({ status: 400, code: 'ExpiredToken' })
  await refuses(/not taken \(ExpiredToken\)/, {})
})

test('should say what is wrong with the bucket', async () => {
  await refuses(/there is no such bucket\. Make it first/, { bucket: 'none' })
  s3.faults.choose = () => ({ status: 403, code: 'AccessDenied' })
  await refuses(/it is forbidden \(AccessDenied\)\. Have s3:ListBucket/, {})
  s3.faults.choose = () => ({
    status: 301,
    code: 'PermanentRedirect',
    headers: { 'x-amz-bucket-region': 'eu-west-1' },
  })
  await refuses(/it is in another region, eu-west-1\. Say that region/, {})
  s3.faults.choose = () => ({ status: 507, code: 'XMinioStorageFull' })
  await refuses(/it is full/, {})
  await refuses(/it is not known in which region/, null, {
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: SECRET,
  })
})

test('should say what is wrong on the way', async () => {
  s3.faults.choose = () => ({ status: 403, code: 'RequestTimeTooSkewed' })
  await refuses(/clock.*too far apart\. Set the clock/, {})
  s3.faults.choose = () => ({ status: 503, code: 'SlowDown' })
  await refuses(/overloaded or broken \(SlowDown, 503\)/, {})
  s3.faults.choose = () => 'drop-before'
  await refuses(/cannot be reached/, {})
  await refuses(/cannot be reached \(ECONNREFUSED\)\. See that the endpoint/, {
    endpoint: 'http://127.0.0.1:1',
  })
  await refuses(/cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/, { endpoint: 'http://nowhere.invalid' })
  await refuses(/does not speak TLS/, { endpoint: s3.endpoint.replace('http:', 'https:') })
})

test('should not wait for ever for a service that says nothing', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  const sockets = new Set<{ destroy(): void }>()
  silent.on('connection', (socket) => sockets.add(socket.on('error', () => {})))
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as { port: number }
  Object.assign(process.env, s3.env)
  const place = { bucket: 'lab', endpoint: `http://127.0.0.1:${port}` }
  await assert.rejects(
    s3Check(place, { retries: RETRIES, idleMs: 300 }),
    /cannot be reached \(TimeoutError\)/,
  )
  for (const socket of sockets) socket.destroy()
  silent.close()
})
