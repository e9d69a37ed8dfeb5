/** Credentials of containers, where a process would need an address that tests have not; and how patient asking is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { credentials } from '../../../runners/cloud/credentials.ts'
import { objectUrl } from '../../../runners/cloud/object-url.ts'
import { patiently } from '../../../runners/cloud/patiently.ts'
import { GIVEN, platform, serve } from './far-side.ts'

const PATIENCE = { tries: 3, firstMs: 1, answerMs: 5_000 }
const RELATIVE = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/abc' }

test('should ask the container’s own address', async (t) => {
  const { url } = await serve(t, platform)
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken } = GIVEN
  const made = { accessKeyId, secretAccessKey, sessionToken }
  assert.deepEqual(await credentials(RELATIVE, 'r', PATIENCE, url), made)
})

test('should take what comes first in the order of the usual clients', async (t) => {
  const { url, asked } = await serve(t, platform)
  const env = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', ...RELATIVE }
  const found = await credentials(env, 'r', PATIENCE, url)
  assert.deepEqual(found, { accessKeyId: 'a', secretAccessKey: 'b' })
  assert.deepEqual(asked, [])
})

test('should have none of a machine that has no role, or is none of AWS', async (t) => {
  const roleless = await serve(t, ({ method }) => (method === 'PUT' ? { body: 't' } : { status: 404 }))
  const other = await serve(t, () => ({ status: 404 }))
  for (const { url } of [roleless, other])
    assert.equal(await credentials({ AWS_EC2_METADATA_SERVICE_ENDPOINT: url }, 'r', PATIENCE), null)
})

test('should give up after so many tries, with the last answer or the last error', async (t) => {
  const busy = await serve(t, () => ({ status: 503, body: 'SlowDown' }))
  const answer = await patiently((signal) => fetch(busy.url, { signal }), PATIENCE)
  assert.deepEqual([answer.status, answer.bytes.toString()], [503, 'SlowDown'])
  assert.equal(busy.asked.length, 3)
  const broken = await serve(t, () => null)
  await assert.rejects(patiently((signal) => fetch(broken.url, { signal }), PATIENCE))
  assert.ok(broken.asked.length >= 3)
  const wrong = await serve(t, () => ({ status: 403 }))
  await patiently((signal) => fetch(wrong.url, { signal }), PATIENCE)
  assert.equal(wrong.asked.length, 1, 'what will not be otherwise is asked once')
})

test('should find an object where the usual clients find it', () => {
  const at = (place: Parameters<typeof objectUrl>[0]) => objectUrl(place, 'a/x.mjs', 'eu-west-1').href
  for (const [place, url] of [
    [{ bucket: 'b' }, 'https://b.s3.eu-west-1.amazonaws.com/a/x.mjs'],
    [{ bucket: 'b.c' }, 'https://s3.eu-west-1.amazonaws.com/b.c/a/x.mjs'],
    [{ bucket: 'b', prefix: 'p/q', endpoint: 'http://h:9000' }, 'http://h:9000/b/p/q/a/x.mjs'],
    [{ bucket: 'b', endpoint: 'https://h/s3/', pathStyle: true }, 'https://h/s3/b/a/x.mjs'],
    [{ bucket: 'b', endpoint: 'https://h', pathStyle: false }, 'https://b.h/a/x.mjs'],
    [{ bucket: 'b', prefix: 'a b+(é' }, 'https://b.s3.eu-west-1.amazonaws.com/a%20b%2B%28%C3%A9/a/x.mjs'],
  ] as const)
    assert.equal(at(place), url)
  const china = 'https://b.s3.cn-north-1.amazonaws.com.cn/k'
  assert.equal(objectUrl({ bucket: 'b' }, 'k', 'cn-north-1').href, china)
})
