/**
 * A page verifies the record that it holds and executes chunks of it again, in real browsers: the same verdicts as those of
 * `verify` and `rerun`, from a file and from a server. One start of each browser serves all pages.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { planAudit } from '../../lab/audit.ts'
import { toHex, utf8 } from '../../lib/digest.ts'
import { leafHash, merkleRoot } from '../../lib/merkle.ts'
import { Trees } from '../provenance/tree.ts'
import { BROWSER_NAMES, lacking, openPage, startBrowser } from './browser.ts'
import { axeFindings, rerunIn, serveFolder, textOf, verifyIn, writePage } from './record-page.ts'
import { DATA, lied, type Run, runs, smallEpidemic } from './small-runs.ts'

const PROGRAM = `import { command } from 'reprise'
export default command({ name: 'program', parameters: { a: [1] }, program: 'echo', arguments: ['{a}'] })
`
/** What the jobs do in a browser, and not in Node: loop for ever, lie, speak out of turn, reach out, throw later. */
const STRANGE = `import { experiment } from 'reprise'
const inBrowser = typeof process === 'undefined'
const markup = '<img src="x" onerror="document.title=1"><script>document.title=2</script>'
export default experiment({
  name: 'strange', inputs: { data: 'data.txt' }, parameters: { a: ['plain', 'loop', 'markup', 'speak', 'reach', 'throw'] }, chunk: 1,
  async run({ point, input }) {
    const fine = input.text('data')
    if (!inBrowser) return fine
    if (point.a === 'loop') for (;;);
    if (point.a === 'markup') return markup
    if (point.a === 'speak') for (const kind of ['done', 'refused', 'failed', 'ready', markup])
      self.postMessage({ kind, chunk: 3, why: markup, bytes: new Uint8Array(1) })
    if (point.a === 'reach') await fetch(WHERE + '/leak').catch(() => {})
    if (point.a === 'throw') { queueMicrotask(() => { throw new Error(markup) }); await new Promise(() => {}) }
    return fine
  },
})
`
/** In a browser it cannot even be loaded. */
const STUCK = `import { experiment } from 'reprise'
if (typeof process === 'undefined') for (;;);
export default experiment({ name: 'stuck', repetitions: 6, chunk: 1, run: () => 1 })
`
/** What browsers have otherwise than Node: a zone, words of errors, and names. */
const OTHERWISE = `import { experiment } from 'reprise'
export default experiment({
  name: 'otherwise', parameters: { a: ['zone', 'error', 'node'] }, chunk: 1,
  run({ point }) {
    const date = new Date(2024, 5, 1, 12)
    if (point.a === 'zone') return [new Date(0).getHours(), String(date), Date.parse('Jun 1 2024'), date.getTimezoneOffset()]
    if (point.a === 'error') return null.x
    return Buffer.from('abc').toString('hex')
  },
})
`

/** Where the reader is: engines are in UTC. */
const ZONE = 'America/New_York'
/** A key that signed nothing here. */
const STRANGER = 'reprise/key/d00d+01465446+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea'

const trees = new Trees()
const asked: string[] = []
const { server, url } = await serveFolder(trees.folder, asked)
after(() => {
  server.close()
  trees.remove()
})
const { epidemic, program, strange, stuck, otherwise } = (await runs(trees, {
  epidemic: smallEpidemic(),
  program: PROGRAM,
  strange: STRANGE.replace('WHERE', JSON.stringify(url)),
  stuck: STUCK,
  otherwise: OTHERWISE,
})) as { epidemic: Run; program: Run; strange: Run; stuck: Run; otherwise: Run }

const joined = (chunks: readonly Uint8Array[]) =>
  Buffer.concat(chunks.flatMap((bytes) => [bytes, utf8('\n')]))
const LIE = 7
/** As if chunk 7 had given another number: every digest and signature fits. */
const lies = epidemic.chunks.map((bytes, i) =>
  i === LIE
    ? utf8(
        Buffer.from(bytes)
          .toString()
          .replace(/"removed":(\d)/, '"removed":9$1'),
      )
    : bytes,
)
const liars = lied(epidemic, (record) => {
  const leaves = lies.map((bytes) => toHex(leafHash(bytes)))
  record.results = { ...record.results, leaves, root: toHex(merkleRoot(lies.map(leafHash))) }
})
const [firstLeaf] = epidemic.manifest.results.leaves as readonly string[]
const tampered = utf8(
  Buffer.from(epidemic.bytes)
    .toString()
    .replace(
      firstLeaf!,
      firstLeaf!.replace(/./, (c) => (c === '0' ? '1' : '0')),
    ),
)

const put = (name: string, parts: Record<string, Uint8Array>) => writePage(trees.folder, name, parts)
const pages = {
  epidemic: await put('epidemic', { manifest: epidemic.bytes, chunks: joined(epidemic.chunks) }),
  tampered: await put('tampered', { manifest: tampered, chunks: joined(epidemic.chunks) }),
  liar: await put('liar', { manifest: liars, chunks: joined(lies) }),
  program: await put('program', { manifest: program.bytes }),
  strange: await put('strange', {
    manifest: strange.bytes,
    chunks: joined(strange.chunks),
    [`input-${strange.manifest.run.inputs.data}`]: utf8(DATA),
  }),
  lacking: await put('lacking', { manifest: strange.bytes }),
  stuck: await put('stuck', { manifest: stuck.bytes }),
  otherwise: await put('otherwise', { manifest: otherwise.bytes, chunks: joined(otherwise.chunks) }),
}

for (const name of BROWSER_NAMES) {
  test(`${name}: a record is verified and executed again in a page`, { skip: lacking(name) }, async (t) => {
    const browser = await startBrowser(name, ZONE)
    const open = async (page: keyof typeof pages) => openPage(browser, pathToFileURL(pages[page]).href)
    try {
      await t.test('intact, and the chunks that rerun would draw are identical, from a file', async () => {
        const { page, wrong } = await open('epidemic')
        const isSeen = (selector: string) =>
          page.evaluate(`document.querySelector(${JSON.stringify(selector)}).getClientRects().length > 0`)
        await page.waitForSelector('button.verify')
        assert.equal(await isSeen('form.trust'), false, 'no key is asked for before anything was verified')
        const { root } = epidemic.manifest.results
        assert.match(await verifyIn(page), /^Intact/)
        assert.ok((await textOf(page, '.findings')).includes(root))
        const checked = await textOf(page, '.checked')
        for (const what of [
          'record digest',
          'capsule digest',
          'leaves and root',
          'every chunk',
          'ledger entry',
          'signature',
        ])
          assert.ok(checked.includes(what), what)
        assert.match(await textOf(page, '.unchecked'), /a key you have not trusted.*\n.*see rerun/)
        assert.equal(await isSeen('form.trust'), true)
        assert.ok((await textOf(page, '.signer')).includes(epidemic.manifest.proof.key!))
        assert.ok((await textOf(page, '.consent')).includes(epidemic.manifest.capsule.sha256))

        assert.match(
          await rerunIn(page, '5', { beacon: 'block 1' }),
          /^identical: 5 of 5 identical: with 95 % confidence at most 35 of the 80 chunks differ/,
        )
        const audit = { count: 5, beacon: 'block 1', stratify: null }
        const { sample, entropy } = planAudit(epidemic.manifest, audit, () => new Uint8Array())
        assert.equal(
          await textOf(page, '.drawn'),
          `Chunks drawn by the public value "block 1": ${sample!.join(', ')} (entropy ${entropy})`,
        )
        assert.match(await rerunIn(page, '5'), /^identical: 5 of 5/)
        assert.doesNotMatch(await textOf(page, '.drawn'), new RegExp(entropy!))

        await page.type('#expected-key', epidemic.manifest.proof.key!)
        await page.keyboard.press('Enter')
        await page.waitForFunction(`document.querySelector('.checked').innerText.includes('a key you trust')`)
        await page.evaluate(`document.getElementById('expected-key').value = ${JSON.stringify(STRANGER)}`)
        await page.keyboard.press('Enter')
        await page.waitForFunction(
          `document.querySelector('.verify .verdict').innerText === 'Intact, but not signed by the key that you gave'`,
        )
        assert.ok((await isSeen('.doubt')) && (await isSeen('button.rerun')))
        await page.evaluate(`document.getElementById('expected-key').value = 'no key'`)
        await page.keyboard.press('Enter')
        await page.waitForFunction(
          `document.querySelector('.verify .verdict').innerText.startsWith('Not verified')`,
        )
        assert.deepEqual(wrong, [])
      })
      await t.test('the same from a server', async () => {
        const { page, wrong } = await openPage(browser, `${url}/epidemic.html`)
        assert.match(await verifyIn(page), /^Intact/)
        assert.match(await rerunIn(page, '5'), /^identical: 5 of 5/)
        assert.deepEqual(
          wrong.filter((line) => !line.includes('/favicon.ico')),
          [],
        )
      })
      await t.test('a leaf that was changed is found, and nothing is executed', async () => {
        const { page } = await open('tampered')
        assert.match(await verifyIn(page), /^Not intact/)
        assert.match(
          await textOf(page, '.problems'),
          /manifest: the record is not the one.*\n.*leaves: the root is not the root of these leaves/,
        )
        assert.match(await textOf(page, '.problems'), /chunk 0: its bytes are not those/)
        assert.equal(await page.$('button.rerun'), null)
      })
      await t.test('a result that the code does not give is found by executing it', async () => {
        const { page } = await open('liar')
        assert.match(await verifyIn(page), /^Intact/)
        assert.match(
          await textOf(page, '.unchecked'),
          /timestamps of the record \(1\): reprise verify checks them/,
        )
        assert.equal(await rerunIn(page, 'all'), 'divergent: 79 of 80 identical: 1 chunk gave other bits')
        assert.deepEqual(await axeFindings(page), [])
        const told = await textOf(page, '.differing li')
        assert.match(
          told,
          /^chunk 7 \(infect=.*job 0 \(repetition 15\), result\.removed: expected 9\d+, got \d+/,
        )
        for (const bytes of [lies[LIE]!, epidemic.chunks[LIE]!])
          assert.ok(told.includes(toHex(leafHash(bytes))))
      })
      await t.test('what needs Node says so, and has no button', async () => {
        const { page } = await open('program')
        assert.match(await verifyIn(page), /^Intact/)
        assert.match(await textOf(page, '.needs-node'), /it starts a program, which a page cannot do/)
        assert.equal(await page.$('button.rerun'), null)
        const without = await open('lacking')
        await verifyIn(without.page)
        assert.match(await textOf(without.page, '.needs-node'), /input files are not in this page: data/)
      })
      await t.test('zone, words and names of the browser are no divergence', async () => {
        const { page } = await open('otherwise')
        await verifyIn(page)
        const { timeZone } = (await page.evaluate('Intl.DateTimeFormat().resolvedOptions()')) as {
          timeZone: string
        }
        assert.equal(timeZone, ZONE, 'the page is read elsewhere')
        const verdict = await rerunIn(page, 'all')
        assert.match(verdict, name === 'chromium' ? /^incomplete: 2 of 3 / : /^incomplete: 1 of 3 /)
        assert.match(verdict, /; 1 not executed: needs Node\. Nothing follows/)
        assert.match(await textOf(page, '.lost'), /chunk 2: not executed: needs Node, whose Buffer/)
        const others = /chunk 1 .*error\.message: expected "Cannot read properties.*got "(can't|null)/
        if (name !== 'chromium') assert.match(await textOf(page, '.wording'), others)
        assert.equal(await page.evaluate(`document.querySelector('.differing').hidden`), true)
      })
      await t.test('code that cannot be loaded is given up, and by hand', async () => {
        const { page } = await open('stuck')
        await verifyIn(page)
        const nothing = 'Nothing is said of the chunks: the code could not be loaded: took longer than 1 s'
        assert.equal(await rerunIn(page, 'all', { seconds: '1' }), nothing)
        await page.evaluate(`
          document.getElementById('rerun-limit').value = '100'
          document.querySelector('button.rerun').click()
        `)
        await page.waitForFunction(
          `document.querySelector('.progress .said').innerText.startsWith('Executing')`,
        )
        await page.click('button.stop')
        await page.waitForFunction(`document.querySelector('.outcome .verdict').innerText !== ''`)
        const stopped = 'incomplete: stopped; 0 of 0 identical, 6 were not executed: nothing is said of those'
        assert.equal(await textOf(page, '.outcome .verdict'), stopped)
      })
      await t.test('code that loops, lies, speaks and reaches out is ended, told and inert', async () => {
        const { page } = await open('strange')
        await verifyIn(page)
        assert.equal(
          await rerunIn(page, 'all', { seconds: '3' }),
          'divergent: 3 of 4 identical: 1 chunk gave other bits',
        )
        assert.match(await textOf(page, '.lost'), /chunk 5: its worker ended: .*<script>/)
        assert.match(await textOf(page, '.lost'), /chunk 1: took longer than 3 s/)
        assert.match(
          await textOf(page, '.differing'),
          /chunk 2 .*expected "as it was recorded", got "<img src=/,
        )
        assert.equal(await page.title(), 'strange')
        assert.equal(await page.$('.outcome img, .outcome script'), null)
        assert.deepEqual(
          asked.filter((address) => address.includes('leak')),
          [],
        )
        for (let i = 0; i < 200 && page.workers().length > 1; i++)
          await new Promise((resolve) => setTimeout(resolve, 50))
        assert.equal(page.workers().length, 1, 'the judge stays, the engines are gone')
      })
    } finally {
      await browser.close()
    }
  })
}
