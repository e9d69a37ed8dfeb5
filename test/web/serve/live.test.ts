/** Pages that keep themselves up to date: what the server sends while somebody else writes the run, and when it ends. */
import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { lockRun } from '../../../lab/lock.ts'
import { ResultsStore } from '../../../lab/results.ts'
import { allChunks, documentOf, plannedRun, temporaryLab } from '../../lab/run.ts'
import { got, type Served, served } from './served.ts'

/** Server-sent events as they come; `until` waits for one that holds these words. */
async function listen({ origin, mount, cookie }: Served, path: string) {
  const end = new AbortController()
  const response = await fetch(`${origin}${mount}${path}`, { headers: { cookie }, signal: end.signal })
  let text = ''
  let isOver = false
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const part of response.body!) text += decoder.decode(part, { stream: true })
  })()
    .catch(() => {})
    .finally(() => {
      isOver = true
    })
  return {
    status: response.status,
    get text() {
      return text
    },
    get isOver() {
      return isOver
    },
    async until(words: string | RegExp): Promise<void> {
      for (let tries = 0; tries < 300; tries++) {
        if (typeof words === 'string' ? text.includes(words) : words.test(text)) return
        await sleep(100)
      }
      assert.fail(`never told: ${words}; but: ${text.slice(-2_000)}`)
    },
    async leave() {
      end.abort()
      await reading
    },
  }
}

test('should tell what comes while another process writes the run, and not hinder it', async (t) => {
  const lab = temporaryLab(t)
  const folder = plannedRun(lab)
  const lock = lockRun(folder, new Date())
  const store = ResultsStore.open(folder)
  const chunks = allChunks(documentOf(), 10)
  store.addEvent(new Date(), 'started', { engines: 2 })
  store.add(chunks.slice(0, 3))
  const it = await served(t, lab)
  const [list, page] = [await listen(it, 'events'), await listen(it, `events?id=${folder.id}`)]
  await list.until('3 of 10')
  await page.until('6 of 20, 0 failed')
  await page.until('event: figure')
  store.add(chunks.slice(3, 7)) // throws where a reader is in the way
  appendFileSync(folder.log, 'a line \u001b[31mof the log\u001b[0m <b>\n')
  await list.until('7 of 10')
  await page.until('14 of 20, 0 failed')
  await page.until('a line of the log &lt;b&gt;')
  await page.until(/about [\d.]+ s left|nothing came within/)
  store.add(chunks.slice(7))
  store.addEvent(new Date(), 'sealed', { root: 'ab'.repeat(32) })
  store.close()
  lock.release()
  await page.until('state good\\">sealed')
  await list.until('none of them going on')
  const told = page.text.split('event: said').length
  assert.ok(told <= 6, 'a screen reader is told little')
  await page.leave()
  assert.equal(list.isOver, false)
  await it.server.close()
  await list.until('event: over')
  for (let tries = 0; tries < 50 && !list.isOver; tries++) await sleep(100)
  assert.equal(list.isOver, true)
})

test('should have room for so many pages and not more, and again when one is left', async (t) => {
  const it = await served(t, temporaryLab(t))
  const open = await Promise.all(Array.from({ length: 32 }, () => listen(it, 'events')))
  assert.ok(open.every(({ status }) => status === 200))
  const more = await got(it, 'events')
  assert.equal(more.status, 503)
  assert.match(more.text, /too many pages are open/)
  await open[0]!.leave()
  for (let tries = 0; tries < 50; tries++) {
    const next = await listen(it, 'events')
    if (next.status === 200) return
    await sleep(100)
  }
  assert.fail('no room again')
})
