/** The gate by itself: whatever a request holds, without the secret it does not pass. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { judge, type Visitor } from '../../../web/serve/gate.ts'
import { newSecrets } from '../../../web/serve/secrets.ts'

const PORT = 8_123
const secrets = newSecrets(PORT, () => {})
const { door } = secrets
const root = `/${door.mount}/`
const cookie = secrets.cookie().split(';')[0]!
const SOUND: Visitor = {
  method: 'GET',
  url: root,
  rawHeaders: ['Host', `127.0.0.1:${PORT}`, 'Cookie', cookie],
}

const asked = (visitor: Partial<Visitor>) => judge({ ...SOUND, ...visitor }, door, secrets.tickets)

test('should let in who has the host and the secret, however headers are written', () => {
  assert.deepEqual(asked({ url: `${root}run?id=7&b=%20` }), {
    method: 'GET',
    path: 'run',
    query: new URLSearchParams('id=7&b=+'),
  })
  const headers = ['hOST', `localhost:${PORT}`, 'COOKIE', `a=b; ${cookie}`, 'sec-fetch-site', 'none']
  assert.equal(typeof asked({ rawHeaders: headers }), 'object')
  const posted = [...SOUND.rawHeaders, 'Origin', `http://127.0.0.1:${PORT}`, 'Sec-Fetch-Site', 'same-origin']
  assert.equal(typeof asked({ method: 'POST', rawHeaders: posted }), 'object')
  assert.equal(typeof asked({ method: 'POST' }), 'string', 'a form says where it comes from')
})

test('should let in a ticket from wherever it comes, once, and nothing else from another site', () => {
  const far = ['Host', `127.0.0.1:${PORT}`, 'Sec-Fetch-Site', 'cross-site']
  const url = new URL(secrets.address()).pathname + new URL(secrets.address()).search
  assert.equal(typeof asked({ method: 'HEAD', url, rawHeaders: far }), 'string')
  assert.equal(typeof asked({ url, rawHeaders: [...far, 'Origin', 'null'] }), 'string')
  assert.equal(typeof asked({ url: `${url}x`, rawHeaders: far }), 'string')
  assert.equal(typeof asked({ url, rawHeaders: far }), 'object')
  assert.equal(typeof asked({ url, rawHeaders: far }), 'string', 'the same once more')
  assert.equal(typeof asked({ url: `${root}enter`, rawHeaders: [...far, 'Cookie', cookie] }), 'string')
})

test('should let in nobody without the secret, and no secret in another place or at another address', () => {
  const name = fc.constantFrom(
    'Host',
    'Origin',
    'Cookie',
    'Sec-Fetch-Site',
    'Referer',
    'Authorization',
    'X-Forwarded-Host',
  )
  const value = fc.oneof(
    fc.constantFrom(
      `127.0.0.1:${PORT}`,
      `localhost:${PORT}`,
      `http://127.0.0.1:${PORT}`,
      'none',
      'same-origin',
      'reprise=',
      cookie.slice(0, -1),
      `${cookie}x`,
      cookie.slice(8),
    ),
    fc.string(),
  )
  const url = fc.oneof(
    fc.constantFrom(root, `${root}run`, `${root}enter?ticket=`, `${root}enter?ticket=${cookie.slice(8)}`),
    fc.string(),
  )
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS'),
      url,
      fc.array(fc.tuple(name, value)),
      (method, url, headers) => {
        assert.equal(typeof asked({ method, url, rawHeaders: headers.flat() }), 'string')
      },
    ),
    { seed: 8, numRuns: 2_000 },
  )
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('/', '.', '%', '2', 'e', 'r', 'u', 'n', '\\', ';', '?', ' ') }),
      (path) => {
        const found = asked({ url: `${root}${path}` })
        if (typeof found === 'object') assert.match(path, /^[a-z.]*(\?.*)?$/)
        for (const before of ['/', '//', '.', `${root}..`])
          assert.equal(typeof asked({ url: `${before}${root}${path}` }), 'string')
      },
    ),
    { seed: 8, numRuns: 1_000 },
  )
})
