/** `reprise serve` as a process: what it prints, where it listens, how it ends. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { labAt } from '../../lab/lab.ts'
import { serveLab } from '../../web/serve/server.ts'
import { temporaryLab } from '../lab/run.ts'
import { Project } from './project.ts'

async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host)
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(2_000) })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

test('should print one address, listen on loopback alone, and end with Ctrl-C though a page is open', async (t) => {
  const project = new Project(t)
  const { child, finished } = project.start(['serve', '--json'])
  let printed = ''
  child.stdout!.on('data', (bytes: Buffer) => {
    printed += bytes
  })
  for (let tries = 0; !printed.includes('\n') && tries < 600; tries++) await sleep(50)
  const { url, port, lab, allowControl } = JSON.parse(printed)
  assert.deepEqual([lab, allowControl], [labAt(project.lab).path, false])
  assert.match(url, new RegExp(`^http://127\\.0\\.0\\.1:${port}/[\\w-]{22}/enter\\?ticket=[\\w-]{43}$`))
  const entered = await fetch(url, { redirect: 'manual' })
  const cookie = entered.headers.get('set-cookie')!.split(';')[0]!
  const page = new URL('./', url).href
  assert.match(await (await fetch(page, { headers: { cookie } })).text(), /No run yet/)
  const outside = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal }) => !internal)
  for (const host of ['127.0.0.2', '::1', ...outside.map(({ address }) => address)])
    assert.equal(await answers(host, port), false, host)
  const events = await fetch(`${page}events`, { headers: { cookie } })
  const reading = events.text().catch(() => '')
  child.kill('SIGINT')
  const { code, stdout, stderr } = await finished
  assert.equal(code, 0)
  assert.match(await reading, /event: over/)
  assert.equal(stdout.trim().split('\n').length, 1)
  assert.ok(!stderr.includes(cookie.slice('reprise='.length)))
  assert.ok(!stderr.includes(new URL(url).searchParams.get('ticket')!), 'the address is for stdout alone')
  assert.equal(await answers('127.0.0.1', port), false)
})

test('should say that a port is taken', async (t) => {
  const lab = temporaryLab(t)
  const first = await serveLab(lab, { port: 0, allowControl: false })
  t.after(() => first.close())
  await assert.rejects(
    serveLab(lab, { port: first.port, allowControl: false }),
    /cannot be listened on \(EADDRINUSE\)/,
  )
})
