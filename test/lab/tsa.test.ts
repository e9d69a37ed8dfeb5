/** Asking a timestamp authority: what is sent, what is bounded, what stays secret. */
import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { askTsa } from '../../lab/tsa.ts'
import { sha256, utf8 } from '../../lib/digest.ts'
import { verifyTimestamp } from '../../provenance/timestamp.ts'
import { MAX_TOKEN, readTimestamp, timestampRequest } from '../../provenance/timestamp-request.ts'
import { isRefusal } from '../lib/refusal.ts'
import { Authority, served } from '../provenance/authority.ts'

const REQUEST = timestampRequest(sha256(utf8('x')), Uint8Array.of(1))

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

test('should bring a timestamp from an authority over HTTP', async (t) => {
  const authority = new Authority(t)
  const root = authority.root('root')
  authority.certificate('tsa')
  const heads: IncomingMessage[] = []
  const url = await served(t, async (request, response) => {
    heads.push(request)
    response.setHeader('content-type', 'application/timestamp-reply')
    response.end(authority.reply(await bodyOf(request), 'tsa'))
  })
  const secret = url.replace('http://', 'http://me:p%40ss@')
  const answer = await askTsa(`${secret}tsr?key=canary#there`, REQUEST)
  assert.equal(answer.url, `${url}tsr`)
  const found = verifyTimestamp(readTimestamp(answer.response), sha256(utf8('x')), [root], Uint8Array.of(1))
  assert.deepEqual([found.trusted, found.problems], [true, []])
  const [{ method, url: path, headers } = {} as IncomingMessage] = heads
  assert.deepEqual([method, path], ['POST', '/tsr?key=canary'])
  assert.equal(headers['content-type'], 'application/timestamp-query')
  assert.equal(headers.authorization, `Basic ${Buffer.from('me:p@ss').toString('base64')}`)
})

test('should follow no redirect, take no more than a token may have, and not wait for ever', async (t) => {
  let asked = 0
  const url = await served(t, (request, response) => {
    asked++
    const [path] = request.url!.split('?')
    if (path === '/redirect') response.writeHead(307, { location: '/else' }).end()
    if (path === '/large') response.end(Buffer.alloc(MAX_TOKEN + 1))
    if (path === '/endless') {
      const more = () => response.destroyed || response.write(Buffer.alloc(65536), () => setImmediate(more))
      more()
    }
    if (path === '/drip') response.write('.')
    if (path === '/broken') response.writeHead(500).end('no')
  })
  const secret = url.replace('http://', 'http://me:canary@')
  const cases = [
    ['redirect', 'refused', /^answered with the status 307$/],
    ['large', 'refused', /more than 65536 bytes/],
    ['endless', 'refused', /more than 65536 bytes/],
    ['silent', 'not-found', /did not answer within 0.3 s/],
    ['drip', 'not-found', /did not answer within 0.3 s/],
    ['broken', 'refused', /status 500/],
  ] as const
  for (const [path, code, says] of cases) {
    await assert.rejects(
      askTsa(`${secret}${path}?canary`, REQUEST, { timeoutMs: says.source.includes('0.3') ? 300 : 30_000 }),
      (error) => {
        isRefusal(code, { says, subject: `${url}${path}` })(error)
        assert.ok(!JSON.stringify(error).includes('canary'))
        return true
      },
    )
  }
  assert.equal(asked, cases.length)
})

test('should refuse what is no URL of an authority', async () => {
  for (const url of ['', 'x', 'ftp://example.org/', 'file:///etc/passwd', 'data:,x', 'http://%zz@localhost/'])
    await assert.rejects(askTsa(url, REQUEST), isRefusal('usage'))
  await assert.rejects(askTsa('http://me:canary@127.0.0.1:1/', REQUEST), (error) => {
    isRefusal('not-found', { says: /could not be reached/, subject: 'http://127.0.0.1:1/' })(error)
    return true
  })
})
