/** The gate, from outside: every route there is, and those that are none, asked by those who must not be let in. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { findRun, type Lab } from '../../../lab/lab.ts'
import { appendEntry } from '../../../lab/ledger.ts'
import { ResultsStore } from '../../../lab/results.ts'
import { CONTROL_ROUTES, ROUTES } from '../../../web/serve/routes.ts'
import { freshLab } from '../../lab/ledgers.ts'
import { allChunks, documentOf, plannedRun } from '../../lab/run.ts'
import { got, raw, type Served, served } from './served.ts'

/** A lab with a run that is half done, one that cannot be read, and a ledger. */
function labOf(t: Parameters<typeof freshLab>[0]): { lab: Lab; run: string } {
  const lab = freshLab(t)
  const folder = plannedRun(lab)
  const store = ResultsStore.open(folder)
  store.add(allChunks(documentOf(), 5))
  store.close()
  appendEntry(lab, 'note', { text: 'a note', about: null }, new Date())
  return { lab, run: folder.id }
}

const SOUND = ({ port, cookie }: Served) => [`Host: 127.0.0.1:${port}`, `Cookie: ${cookie}`]

/** Everything that a file in the lab is. */
function filesOf(path: string): Record<string, string> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const marks = files.map((entry) => {
    const file = join(entry.parentPath, entry.name)
    const { mtimeMs, mode } = statSync(file)
    return [file, `${mtimeMs} ${mode} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`]
  })
  return Object.fromEntries(marks)
}

test('should let nobody in through any route who has not the host, the origin, the site and the secret', async (t) => {
  const { lab, run } = labOf(t)
  const it = await served(t, lab, { allowControl: true })
  const { port, mount, cookie } = it
  const host = `Host: 127.0.0.1:${port}`
  const right = `Cookie: ${cookie}`
  const wrong = `Cookie: ${cookie.slice(0, -1)}${cookie.endsWith('A') ? 'B' : 'A'}`
  const forged: readonly (readonly string[])[] = [
    [host],
    [host, wrong],
    [host, 'Cookie: reprise='],
    [host, 'Cookie: other=1; reprise'],
    ['Host: evil.example', right],
    [`Host: evil.example:${port}`, right],
    [`Host: 127.0.0.1`, right],
    [`Host: 127.0.0.1:${port + 1}`, right],
    [`Host: 127.0.0.1:${port}.evil.example`, right],
    [`Host: user@127.0.0.1:${port}`, right],
    [`Host: 0.0.0.0:${port}`, right],
    [`Host: [::1]:${port}`, right],
    [host, 'Host: evil.example', right],
    [host, right, 'Origin: http://evil.example'],
    [host, right, `Origin: https://127.0.0.1:${port}`],
    [host, right, `Origin: http://127.0.0.1:${port + 1}`],
    [host, right, `Origin: http://localhost:${port}`],
    [host, right, 'Origin: null'],
    [host, right, 'Sec-Fetch-Site: cross-site'],
    [host, right, 'Sec-Fetch-Site: same-site'],
  ]
  const known = [...ROUTES, ...CONTROL_ROUTES]
  assert.ok(known.length >= 11)
  const paths = [...known.map(({ path }) => path), 'nothing', 'run/', 'enter', 'favicon.ico', 'api']
  const methods = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'PATCH']
  for (const path of paths)
    for (const headers of forged) {
      const method = methods[(paths.indexOf(path) + forged.indexOf(headers)) % 3]!
      const { status, head, body } = await raw(port, [
        `${method} ${mount}${path}?id=${run} HTTP/1.1`,
        ...headers,
      ])
      assert.equal(status, 403, `${method} ${path} ${headers.join(', ')}`)
      assert.ok(method === 'HEAD' ? body === '' : /^[^\n<]+\n$/.test(body), 'one line')
      assert.match(head, /content-security-policy: default-src 'none'/i)
      assert.doesNotMatch(`${head}${body}`, /set-cookie|access-control/i)
    }
  for (const path of paths)
    for (const method of methods.slice(3))
      assert.equal(
        (await raw(port, [`${method} ${mount}${path} HTTP/1.1`, ...SOUND(it)])).status,
        403,
        method,
      )
})

test('should know one way to write an address', async (t) => {
  const { lab } = labOf(t)
  const it = await served(t, lab)
  const { port, mount } = it
  const secretless = mount.slice(0, -2)
  const targets = [
    '/',
    '/run',
    '//',
    `/${mount}`,
    `${secretless}/`,
    `${secretless}x/`,
    `${mount}../`,
    `${mount}%2e%2e/`,
    `${mount}%72un`,
    `${mount}./run`,
    `${mount}/run`,
    `${mount}run/`,
    `${mount}run;a=1`,
    `${mount}run%00`,
    `${mount}RUN`,
    `${mount}run?é`,
    '*',
    `http://127.0.0.1:${port}${mount}`,
    `http://evil.example${mount}`,
    `${mount}${'a'.repeat(3000)}`,
    `${mount}style#x`,
    `/%2e%2e/${mount}`,
    `\\${mount}`,
    `/.${mount}`,
    mount.slice(0, -1),
  ]
  for (const target of targets) {
    const { status } = await raw(port, [`GET ${target} HTTP/1.1`, ...SOUND(it)])
    assert.ok(status === 403 || status === 400, `${target}: ${status}`)
  }
  const tunnel = await raw(port, ['CONNECT evil.example:80 HTTP/1.1', ...SOUND(it)])
  assert.equal(tunnel.status, 403)
  const socket = await raw(port, [
    `GET ${mount} HTTP/1.1`,
    ...SOUND(it),
    'Upgrade: websocket',
    'Connection: Upgrade',
  ])
  assert.equal(socket.status, 403)
  const expecting = await raw(port, [`GET ${mount} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Expect: something'])
  assert.equal(expecting.status, 403)
  assert.equal((await raw(port, [`GET ${mount} HTTP/1.1`, ...SOUND(it)])).status, 200)
  assert.equal(
    (await raw(port, [`GET ${mount} HTTP/1.1`, `Host: localhost:${port}`, SOUND(it)[1]!])).status,
    200,
  )
  assert.equal((await raw(port, [`GET ${mount}nothing HTTP/1.1`, ...SOUND(it)])).status, 404)
})

test('should open its door once for each address, and tell no secret again', async (t) => {
  const { lab } = labOf(t)
  let entered = 0
  const it = await served(t, lab, { onEntered: () => entered++ })
  assert.equal(entered, 1)
  const address = it.server.address()
  const again = await fetch(address, { redirect: 'manual' })
  assert.equal(again.status, 303)
  assert.match(
    again.headers.get('set-cookie')!,
    /^reprise=[\w-]{43}; Path=\/[\w-]{22}\/; HttpOnly; SameSite=Strict$/,
  )
  assert.equal((await fetch(address, { redirect: 'manual' })).status, 403, 'the same once more')
  const ticket = new URL(it.server.address()).searchParams.get('ticket')!
  assert.equal(
    (await raw(it.port, [`GET ${it.mount}?ticket=${ticket} HTTP/1.1`, `Host: 127.0.0.1:${it.port}`])).status,
    403,
  )
  assert.equal(
    (await raw(it.port, [`HEAD ${it.mount}enter?ticket=${ticket} HTTP/1.1`, `Host: 127.0.0.1:${it.port}`]))
      .status,
    403,
  )
  assert.equal(entered, 2)
  for (const { method, path } of ROUTES.filter(
    (route) => route.method === 'GET' && !['events', 'enter'].includes(route.path),
  )) {
    const { text } = await got(it, path)
    for (const secret of [ticket, it.cookie.slice('reprise='.length), it.mount.slice(1, -1)])
      assert.ok(!text.includes(secret), `${method} ${path}`)
  }
})

test('should change nothing in the lab, whatever is looked at, and show a damaged run as such', async (t) => {
  const { lab, run } = labOf(t)
  const damaged = plannedRun(lab, { time: new Date(Date.now() + 5_000) })
  writeFileSync(damaged.results, 'this is no database')
  const before = filesOf(lab.path)
  const it = await served(t, lab)
  const list = await got(it, '')
  assert.match(list.text, new RegExp(`${run}.*interrupted`, 's'))
  assert.match(list.text, new RegExp(`${damaged.id}.*damaged`, 's'))
  for (const path of [
    `run?id=${run}`,
    `run?id=${damaged.id}`,
    'compare',
    `compare?a=${run}&b=${run}`,
    'ledger',
    'ledger?about=made-up',
    'script',
    'style',
  ])
    await got(it, path)
  assert.match(
    (await got(it, `run?id=${damaged.id}`)).text,
    /This run is damaged: results.sqlite cannot be read/,
  )
  assert.match((await got(it, 'ledger')).text, /a note/)
  assert.equal((await got(it, 'run?id=20260101T000000000-000000')).status, 404)
  assert.equal((await got(it, 'run?id=../../etc/passwd')).status, 400)
  assert.equal((await got(it, `compare?a=/etc/passwd&b=${run}`)).status, 400)
  assert.deepEqual(filesOf(lab.path), before)
})

test('should have nothing that changes anything unless it was asked for', async (t) => {
  const { lab, run } = labOf(t)
  const it = await served(t, lab)
  const sound = [...SOUND(it), `Origin: ${it.origin}`, 'Sec-Fetch-Site: same-origin']
  const form = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${`id=${run}`.length}`]
  for (const { method, path } of CONTROL_ROUTES)
    assert.equal(
      (await raw(it.port, [`${method} ${it.mount}${path} HTTP/1.1`, ...sound, ...form], `id=${run}`)).status,
      404,
    )
  assert.doesNotMatch((await got(it, `run?id=${run}`)).text, /confirm\?|method="post"/)
})

test('should take a small form of its own page and nothing else', async (t) => {
  const { lab, run } = labOf(t)
  const it = await served(t, lab, { allowControl: true })
  const type = 'Content-Type: application/x-www-form-urlencoded'
  const post = (headers: readonly string[], body: string, deed = 'cancel') =>
    raw(
      it.port,
      [`POST ${it.mount}${deed} HTTP/1.1`, ...SOUND(it), `Content-Length: ${body.length}`, ...headers],
      body,
    )
  const own = [`Origin: ${it.origin}`, 'Sec-Fetch-Site: same-origin']
  assert.equal(
    (await post([type, 'Sec-Fetch-Site: same-origin'], `id=${run}`)).status,
    403,
    'without an origin',
  )
  assert.equal((await post([type, `Origin: ${it.origin}`, 'Sec-Fetch-Site: none'], `id=${run}`)).status, 403)
  assert.equal((await post([...own, 'Content-Type: text/plain'], `id=${run}`)).status, 400)
  assert.equal((await post([...own, type], `id=${run}&x=${'y'.repeat(5_000)}`)).status, 400)
  assert.equal((await post([...own, type], 'id=..%2f..')).status, 400)
  const done = await post([...own, type], `id=${run}`)
  assert.equal(done.status, 303)
  assert.match(done.head, new RegExp(`Location: run\\?id=${run}`))
  assert.match((await got(it, `run?id=${run}`)).text, /state warn">cancelled</)
  const store = ResultsStore.open(findRun(lab, run))
  store.addEvent(new Date(), 'sealed', { root: '00'.repeat(32) })
  store.close()
  const whole = await post([...own, type], `id=${run}`, 'resume')
  assert.equal(whole.status, 409)
  assert.match(whole.body, /is whole already: nothing of it is missing/)
})
