/** Deposits against a repository that enforces the API: whatever is lost on the way, there is one draft, and in it the files as they are. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { Patience } from '../../../lab/deposit/ask.ts'
import { deposit, publish } from '../../../lab/deposit/deposit.ts'
import { draftOf } from '../../../lab/deposit/metadata.ts'
import { depositMemory, type Memory } from '../../../lab/deposit/remembered.ts'
import { type Repository, repositoryAddress } from '../../../lab/deposit/repository.ts'
import { depositSources } from '../../../lab/deposit/sources.ts'
import { labAt } from '../../../lab/lab.ts'
import { type Fault, type StandIn, startRepository } from '../../deposit/server.ts'
import { temporaryFolder } from '../run.ts'

const DESCRIBED = {
  title: 'Walks',
  description: '<p>x</p>',
  creators: [{ name: 'Doe, Jane' }],
  license: 'cc-by-4.0',
}

interface Stage {
  readonly there: StandIn
  readonly repository: Repository
  readonly folder: string
  readonly lab: string
  readonly memory: Memory
  readonly said: string[]
  readonly patience: Patience
  go(paths?: readonly string[]): ReturnType<typeof deposit>
}

async function stage(t: TestContext): Promise<Stage> {
  const there = await startRepository(t)
  const root = temporaryFolder(t)
  const folder = join(root, 'artifact')
  mkdirSync(folder)
  writeFileSync(join(folder, 'README.md'), '# read me\n')
  writeFileSync(join(folder, 'a b+ü.zip'), Buffer.alloc(300_000, 'zip'))
  const repository = { base: repositoryAddress(there.url), token: there.token }
  const lab = join(root, '.reprise')
  const memory = depositMemory(labAt(lab), repository.base, [folder])
  const said: string[] = []
  const patience: Patience = { waitMs: 1, answerMs: 2_000, say: (line) => void said.push(line) }
  return {
    there,
    repository,
    folder,
    lab,
    memory,
    said,
    patience,
    go: async (paths = [folder]) =>
      deposit(
        repository,
        await depositSources(paths),
        draftOf(DESCRIBED, repository.base, '2026-11-27'),
        memory,
        patience,
      ),
  }
}

/** There is one record, and in it the files of the folder as they are. */
function assertThere({ there, folder }: Stage): void {
  assert.equal(there.records.size, 1)
  const [record] = there.records.values()
  const names = readdirSync(folder).sort()
  assert.deepEqual([...record!.files.keys()].sort(), names)
  for (const name of names) {
    const file = record!.files.get(name)!
    assert.ok(file.completed, name)
    assert.deepEqual(file.bytes, readFileSync(join(folder, name)), name)
  }
}

test('should make a draft with the files, and publish it when that is said', async (t) => {
  const s = await stage(t)
  const made = await s.go()
  assertThere(s)
  assert.ok(made.isNew)
  assert.deepEqual(
    made.files.map(({ name, sent }) => [name, sent]),
    [
      ['README.md', true],
      ['a b+ü.zip', true],
    ],
  )
  const [record] = s.there.records.values()
  assert.equal(record!.published, false)
  assert.equal(made.url, `${s.there.url}/uploads/${record!.id}`)
  const { doi, url } = await publish(s.repository, made, s.patience)
  assert.equal(record!.published, true)
  assert.deepEqual([doi, url], [`10.5072/stand-in.${record!.id}`, `${s.there.url}/records/${record!.id}`])
  await assert.rejects(s.go(), { code: 'refused', message: /was published already/ })
})

test('should send the token in its header alone, and write it nowhere', async (t) => {
  const s = await stage(t)
  await publish(s.repository, await s.go(), s.patience)
  assert.ok(s.there.seen.length > 8)
  for (const { line, authorization, body } of s.there.seen) {
    assert.equal(authorization, `Bearer ${s.there.token}`)
    assert.ok(!line.includes(s.there.token) && !body.includes(s.there.token))
  }
  for (const name of readdirSync(s.lab, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  ))
    assert.ok(!readFileSync(join(s.lab, name), 'utf8').includes(s.there.token))
  assert.ok(!s.said.join().includes(s.there.token))
})

/** Each request of a deposit, with what may go wrong there. */
const STEPS = [
  /^GET \/api\/user\/records$/,
  /^POST \/api\/records$/,
  /^GET .*\/draft\/files$/,
  /^POST .*\/draft\/files$/,
  /^PUT .*\/content$/,
  /^POST .*\/commit$/,
]
const FAULTS: readonly Omit<Fault, 'on' | 'times'>[] = [
  { what: 'lose-answer' },
  { what: 'lose-request' },
  { what: 'status', status: 429, headers: { 'retry-after': '0' } },
  { what: 'status', status: 503 },
  { what: 'status', status: 502 },
]

test('should end in one draft with the right bytes, whatever is lost or busy at whichever step', async (t) => {
  const s = await stage(t)
  for (const on of STEPS)
    for (const fault of FAULTS) {
      s.memory.forget()
      s.there.records.clear()
      s.there.faults.push({ ...fault, on, times: 1 })
      // Of a draft whose request was never done nothing can be seen: the next deposit makes it.
      await s.go().catch(async ({ code }) => {
        assert.deepEqual(
          [code, String(on)],
          ['storage', String(STEPS[1])],
          `${on} ${fault.what} ${fault.status}`,
        )
        await s.go()
      })
      assertThere(s)
    }
})

test('should end in one draft with the right bytes after any series of faults', async (t) => {
  const s = await stage(t)
  const fault = fc.record({
    on: fc.constantFrom(...STEPS, /^GET .*\/files\/[^/]+$/, /^DELETE /, /^PUT .*\/draft$/),
    fault: fc.constantFrom(...FAULTS, { what: 'spoil' as const }),
    times: fc.integer({ min: 1, max: 2 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 5 }), async (faults) => {
      s.memory.forget()
      s.there.records.clear()
      s.there.faults.length = 0
      s.there.faults.push(...faults.map(({ on, fault, times }) => ({ ...fault, on, times })))
      for (let times = 0; ; times++) {
        const made = await s.go().catch((error) => {
          assert.ok(['storage', 'refused', 'not-intact'].includes(error.code), error)
          return null
        })
        if (made !== null) break
        assert.ok(times < 10, 'it comes to an end')
      }
      assertThere(s)
    }),
    { seed: 8, numRuns: process.env.REPRISE_SLOW === '1' ? 300 : 12 },
  )
})

test('should publish once where the answer is lost', async (t) => {
  for (const what of ['lose-answer', 'lose-request'] as const) {
    const s = await stage(t)
    const made = await s.go()
    s.there.faults.push({ on: /publish$/, what, times: 1 })
    assert.equal((await publish(s.repository, made, s.patience)).url, `${s.there.url}/records/${made.id}`)
    assert.equal([...s.there.records.values()][0]!.published, true)
  }
})

test('should go on with its draft, sending only what is not there as it is', async (t) => {
  const s = await stage(t)
  s.there.faults.push({ on: /zip\/content$/, what: 'status', status: 413, times: 1 })
  await assert.rejects(s.go(), { code: 'refused', message: /413/ })
  const half = await s.go()
  assert.ok(!half.isNew)
  assert.deepEqual(
    half.files.map(({ sent }) => sent),
    [false, true],
  )
  writeFileSync(join(s.folder, 'README.md'), '# read me again\n')
  writeFileSync(join(s.folder, 'more.csv'), 'a\n1\n')
  assert.deepEqual(
    (await s.go()).files.map(({ name, sent }) => [name, sent]),
    [
      ['README.md', true],
      ['a b+ü.zip', false],
      ['more.csv', true],
    ],
  )
  assertThere(s)
})

test('should stop when it is interrupted, and go on from there', async (t) => {
  const s = await stage(t)
  const stop = new AbortController()
  const patience: Patience = { ...s.patience, signal: stop.signal, say: () => stop.abort() }
  const record = draftOf(DESCRIBED, s.repository.base, '2026-11-27')
  const sources = await depositSources([s.folder])
  await assert.rejects(deposit(s.repository, sources, record, s.memory, patience), { name: 'AbortError' })
  assert.deepEqual(
    (await s.go()).files.map(({ sent }) => sent),
    [false, true],
  )
  assertThere(s)
})

test('should find a draft whose making was not heard of, however late it is listed', async (t) => {
  const s = await stage(t)
  s.there.faults.push({ on: /^POST \/api\/records$/, what: 'lose-answer', times: 1 })
  let lists = 0
  const hidden = {
    on: { test: (line: string) => /^GET .*user\/records/.test(line) && ++lists > 1 } as RegExp,
  }
  s.there.faults.push({ ...hidden, what: 'status', status: 403, times: 1 })
  await assert.rejects(s.go(), { code: 'refused' })
  assert.equal(s.there.records.size, 1)
  assert.ok(!(await s.go()).isNew)
  assertThere(s)
})

test('should say where the draft may be when nothing tells whether one was made', async (t) => {
  const s = await stage(t)
  s.there.faults.push({ on: /user\/records/, what: 'status', status: 404, times: 99 })
  s.there.faults.push({ on: /^POST \/api\/records$/, what: 'lose-answer', times: 1 })
  await assert.rejects(s.go(), { code: 'storage', remedy: /me\/uploads.*discard that one/ })
})

test('should take out what is no longer of it, and leave what others put there', async (t) => {
  const s = await stage(t)
  await s.go()
  const [record] = s.there.records.values()
  record!.files.set('by-hand.txt', { bytes: Buffer.from('x'), completed: true })
  const { others, files } = await s.go([join(s.folder, 'README.md')])
  assert.deepEqual(others, ['by-hand.txt'])
  assert.deepEqual(files.length, 1)
  assert.deepEqual([...record!.files.keys()].sort(), ['README.md', 'by-hand.txt'])
})

test('should make another draft where the one that it knew was thrown away', async (t) => {
  const s = await stage(t)
  await s.go()
  s.there.records.clear()
  assert.ok((await s.go()).isNew)
  assertThere(s)
  assert.match(s.said.join('\n'), /is there no more/)
})

test('should send a file that arrived spoiled once more, and give up when it stays so', async (t) => {
  const s = await stage(t)
  s.there.faults.push({ on: /zip\/content$/, what: 'spoil', times: 1 })
  await s.go()
  assertThere(s)
  writeFileSync(join(s.folder, 'README.md'), 'other')
  s.there.faults.push({ on: /README.md\/content$/, what: 'spoil', times: 9 })
  await assert.rejects(s.go(), { code: 'not-intact', message: /arrived with the MD5/ })
})

test('should publish nothing that is not as it was sent', async (t) => {
  const s = await stage(t)
  const made = await s.go()
  const [record] = s.there.records.values()
  record!.files.get('README.md')!.bytes = Buffer.from('other')
  await assert.rejects(publish(s.repository, made, s.patience), { code: 'not-intact' })
  assert.equal(record!.published, false)
})

test('should say what the repository says, and never the token', async (t) => {
  const s = await stage(t)
  for (const status of [400, 401, 403, 404, 409, 413]) {
    s.there.faults.length = 0
    s.there.faults.push({ on: /^POST .*\/files$|^GET .*\/files\//, what: 'status', status, times: 99 })
    await assert.rejects(s.go(), (error: Error & { line: string }) => {
      assert.ok(!error.line.includes(s.there.token), error.line)
      return error.message.includes(String(status))
    })
  }
  s.there.faults.length = 0
  s.there.faults.push({ on: /^POST .*\/files$/, what: 'status', status: 500, times: 99 })
  await assert.rejects(s.go(), { code: 'storage' })
  s.there.faults.length = 0
  const wrong = { ...s.repository, token: 'another' }
  const sources = await depositSources([s.folder])
  await assert.rejects(deposit(wrong, sources, {}, s.memory, s.patience), {
    code: 'refused',
    message: /401: Unauthorized/,
  })
})

test('should tell what the repository will not publish as it is, and keep the draft', async (t) => {
  const s = await stage(t)
  const sources = await depositSources([s.folder])
  const record = draftOf({ ...DESCRIBED, license: 'my-own' }, s.repository.base, '2026-11-27')
  const made = await deposit(s.repository, sources, record, s.memory, s.patience)
  assert.match(s.said.join('\n'), /before it can be published: metadata\.rights\.0: Invalid value my-own/)
  await assert.rejects(publish(s.repository, made, s.patience), { code: 'refused', message: /400.*rights/ })
  await s.go()
  assertThere(s)
})

test('should give up where a repository stays busy, or asks for more patience than there is', async (t) => {
  const s = await stage(t)
  s.there.faults.push({
    on: /user\/records/,
    what: 'status',
    status: 429,
    headers: { 'retry-after': '3600' },
    times: 1,
  })
  await assert.rejects(s.go(), { code: 'storage', message: /3600 s/ })
  s.there.faults.push({ on: /user\/records/, what: 'status', status: 503, times: 99 })
  const before = s.there.seen.length
  await assert.rejects(s.go())
  assert.ok(s.there.seen.length - before <= 6)
})

test('should follow no redirect, where the token would go with it', async (t) => {
  const s = await stage(t)
  const heard: unknown[] = []
  const elsewhere = createServer((request, response) => {
    heard.push(request.headers)
    response.end('{}')
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  t.after(() => elsewhere.close())
  const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
  for (const status of [301, 302, 307, 308]) {
    s.there.faults.push({ on: /./, what: 'status', status, headers: { location }, times: 1 })
    await assert.rejects(s.go(), { code: 'refused', message: /redirects to another address/ })
  }
  assert.deepEqual(heard, [])
})

test('should give up on a repository that says nothing', async (t) => {
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    silent.closeAllConnections()
    silent.close()
  })
  const s = await stage(t)
  const repository = {
    base: repositoryAddress(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`),
    token: 'x',
  }
  const sources = await depositSources([s.folder])
  const patience = { ...s.patience, answerMs: 20 }
  await assert.rejects(deposit(repository, sources, {}, s.memory, patience), {
    code: 'storage',
    message: /did not answer/,
  })
})

test('should take regular files alone, side by side, each name once', async (t) => {
  const s = await stage(t)
  symlinkSync('/etc/passwd', join(s.folder, 'link'))
  await assert.rejects(depositSources([s.folder]), { code: 'usage', message: /no regular file/ })
  mkdirSync(join(s.lab, '..', 'other', 'below'), { recursive: true })
  writeFileSync(join(s.lab, '..', 'other', 'README.md'), 'x')
  const [readme, other] = [join(s.folder, 'README.md'), join(s.lab, '..', 'other')]
  await assert.rejects(depositSources([readme, join(other, 'README.md')]), { message: /has the name of/ })
  await assert.rejects(depositSources([other]), { message: /folder in a folder/ })
  writeFileSync(join(s.folder, 'empty'), '')
  await assert.rejects(depositSources([join(s.folder, 'empty')]), { message: /is empty/ })
  await assert.rejects(depositSources([join(s.folder, 'gone')]), { message: /is not there/ })
})
