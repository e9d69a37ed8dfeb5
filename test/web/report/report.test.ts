/**
 * Reports in a real browser, from a file: the page shows what was recorded, computes it again, notices when it was changed, and
 * whatever a result says stays text. One start of the browser serves all pages.
 */
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'puppeteer-core'
import { inferColumns } from '../../../lab/columns.ts'
import { labAt } from '../../../lab/lab.ts'
import { flattenMeans, pointMeans } from '../../../lab/means.ts'
import { ResultsStore } from '../../../lab/results.ts'
import { csvText } from '../../../lab/tables.ts'
import { packed } from '../../../web/page.ts'
import { meansCsv, modelCsv } from '../../../web/report/flat.ts'
import { reportMarkdown } from '../../../web/report/markdown.ts'
import { reportOutcomes } from '../../../web/report/outcomes.ts'
import { type ReportSource, reportSource } from '../../../web/report/source.ts'
import { Trees } from '../../provenance/tree.ts'
import { lacking, openPage, startBrowser } from '../browser.ts'
import { runs, smallEpidemic } from '../small-runs.ts'
import { madeModel, pageFile } from './made.ts'

/** What results, errors and parameters might say to get out of their place. */
const HOSTILE = `import { experiment } from 'reprise'
const markup = '</script><script>window.taken = 1</script><img src=x onerror="window.taken=2">]]><svg onload="window.taken=3">'
export default experiment({
  name: markup, labels: { width: markup, a: 'javascript:window.taken=4' },
  parameters: { a: [1, 2, 3], [markup]: [markup, 'javascript:alert(1)', '\\u202Egnp'] }, repetitions: 2, chunk: 2,
  run({ point, repetition }) {
    if (point.a === 3 && repetition === 1) throw new RangeError(markup + 'x'.repeat(100000))
    return { width: point.a + repetition, [markup]: repetition, constructor: 1, ']]>': 2, html: markup,
      long: point.a === 1 && repetition === 0 ? 'y'.repeat(10_000_000) : '' }
  },
})
`

const trees = new Trees()
after(() => trees.remove())
/** More fields than are shown, values that are the same once they are cut, and Math that a browser has not. */
const MANY = `import { experiment } from 'reprise'
export default experiment({
  name: 'many', math: 'native', repetitions: 2, parameters: { a: ['w'.repeat(50) + 'a', 'w'.repeat(50) + 'b', '=1+1'] },
  run: ({ repetition }) => Object.fromEntries(Array.from({ length: 50 }, (_, i) => ['f' + i, i + repetition])),
})
`
const made = await runs(trees, { epidemic: smallEpidemic(), hostile: HOSTILE, many: MANY })
const [epidemic, hostile, many] = [made.epidemic!, made.hostile!, made.many!]
const source = await reportSource(epidemic.lab, epidemic.run.id, false)

const skip = lacking('chromium')
const browser = skip === false ? await startBrowser('chromium') : null
after(() => browser?.close())
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function opened(of: ReportSource, change: (text: string) => string = (text) => text) {
  const file = pageFile(trees, of)
  writeFileSync(fileURLToPath(file.url), change(readFileSync(fileURLToPath(file.url), 'utf8')))
  const { page, wrong } = await openPage(browser!, file.url)
  await ready(page, 'record', 'table')
  return { page, wrong, ...file }
}

async function ready(page: Page, ...states: string[]): Promise<void> {
  await until(page, `${JSON.stringify(states)}.includes(document.documentElement.dataset.ready)`)
}

/** Waits until an expression is true in the page. */
async function until(page: Page, expression: string): Promise<void> {
  while ((await page.evaluate(expression)) !== true) await sleep(30)
}

const texts = (page: Page, selector: string) =>
  page.$$eval(selector, (found) => found.map((element) => element.textContent ?? ''))

test('should show figure, table and record, and compute the numbers again', { skip }, async () => {
  const { page, wrong } = await opened(source)
  await ready(page, 'table')
  assert.match((await texts(page, '#recomputed'))[0]!, /from the 80 chunks .* the same, bit for bit/)
  assert.equal((await texts(page, '#figure [data-point]')).length, 20)
  assert.equal((await texts(page, '#table tbody tr')).length, 20)
  assert.match((await texts(page, '.lead'))[0]!, /^All 400 jobs at 20 points were executed and none failed/)
  assert.ok((await texts(page, 'dd')).includes(epidemic.manifest.results.root))
  await page.waitForSelector('#distribution svg')
  assert.equal((await texts(page, '#distribution svg svg:last-child [data-part="rule"] > line')).length, 20)
  assert.deepEqual(wrong, [])
  await page.close()
})

test('should be the same in Firefox', { skip: lacking('firefox-esr') }, async () => {
  const firefox = await startBrowser('firefox-esr')
  try {
    const { page, wrong } = await openPage(firefox, pageFile(trees, source).url)
    await ready(page, 'table')
    assert.match((await texts(page, '#recomputed'))[0]!, /from the 80 chunks .* the same, bit for bit/)
    assert.equal((await texts(page, '#figure [data-point]')).length, 20)
    assert.deepEqual(wrong, [])
  } finally {
    await firefox.close()
  }
})

test('should sort its table, and follow a choice of field and point', { skip }, async () => {
  const { page, wrong } = await opened(source)
  const sorted = async () =>
    (await texts(page, '#table tbody td:nth-child(6)')).map((text) => Number(text.replace(',', '')))
  const press = (i: number) => page.$$eval('#table thead button', (all, k) => all[k]!.click(), i)
  await press(5)
  const up = await sorted()
  assert.deepEqual(
    up,
    up.toSorted((a, b) => a - b),
  )
  await press(5)
  assert.deepEqual(await sorted(), up.toReversed())
  assert.equal((await texts(page, 'th[aria-sort="descending"]')).length, 1)
  await page.select('#figure-controls select', '1')
  assert.match((await texts(page, '#table caption'))[0]!, /^removed: mean/)
  await page.$eval('#figure [data-point="7"]', (mark) =>
    mark.dispatchEvent(new Event('click', { bubbles: true })),
  )
  await until(
    page,
    "document.querySelector('#distribution figcaption').textContent.includes('infect = 0.1, remove = 0.8')",
  )
  assert.deepEqual(wrong, [])
  await page.close()
})

test('should be usable without sight, on a phone and in the dark', { skip }, async () => {
  const { page } = await opened(source)
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    await page.setViewport({ width: 360, height: 740 })
    await page.evaluate(AXE)
    const found = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 200)]))',
    )
    assert.deepEqual(found, [], scheme)
    assert.ok(
      await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
      'wider than the screen',
    )
  }
  await page.close()
})

test('should notice numbers that its chunks do not give', { skip }, async () => {
  const lines = Buffer.concat(epidemic.chunks.flatMap((bytes) => [Buffer.from(bytes), Buffer.from('\n')]))
  const other = lines.toString().replace(/"duration":(\d)/, '"duration":9$1')
  const { page } = await opened({
    ...source,
    held: new Map([...source.held, ['chunks', packed(Buffer.from(other))]]),
  })
  await ready(page, 'table')
  assert.match((await texts(page, '#recomputed'))[0]!, /somebody has changed the page/)
  await page.close()
})

test('should say whether its words are those of the record that it verified', { skip }, async () => {
  const { root } = source.manifest.results
  const forged = (page: string) =>
    page.replace(
      `result root</dt><dd class="mono">${root}`,
      `result root</dt><dd class="mono">${'0'.repeat(64)}`,
    )
  const verified = async (change: (text: string) => string) => {
    const { page } = await opened(source, change)
    await page.click('button.verify')
    await page.waitForSelector('.findings > *')
    const [verdict, words, facts] = [
      await texts(page, '.verify .verdict'),
      await texts(page, '.page-words'),
      await texts(page, '.facts'),
    ]
    await page.close()
    assert.match(verdict[0]!, /^Intact/)
    assert.ok(facts[0]!.includes(root))
    return words[0]!
  }
  assert.match(await verified((text) => text), /^The words about the record in this page are those/)
  assert.match(
    await verified(forged),
    /^Somebody has changed the words of this page \(the head of the page\)/,
  )
  assert.match(
    await verified((text) =>
      text.replace('<dt>witnesses</dt><dd class="plain">none', '<dt>witnesses</dt><dd class="plain">five'),
    ),
    /^Somebody has changed the words of this page \(Where it comes from\)/,
  )
})

test('should keep hostile results inert and the page small', { skip }, async () => {
  const { page, wrong, bytes } = await opened(await reportSource(hostile.lab, hostile.run.id, false))
  await ready(page, 'table')
  assert.match((await texts(page, '#recomputed'))[0]!, /the same, bit for bit/)
  assert.equal(await page.evaluate('window.taken ?? null'), null)
  assert.equal((await page.$$('script:not([type])')).length, 1)
  assert.equal((await page.$$('img, [onload], [onerror], a[href^="javascript"]')).length, 0)
  for (let field = 0; field < 4; field++) await page.select('#figure-controls select', String(field))
  assert.deepEqual(wrong, [])
  assert.ok(bytes < 2 ** 21, `${bytes} bytes`)
  assert.ok((await texts(page, '#failures td')).every((text) => text.length < 400))
  await page.close()
})

test('should open with a hundred thousand points, and hold histograms where chunks are too many', {
  skip,
}, async () => {
  const values = Array.from({ length: 100_000 }, (_, i) => i)
  const model = madeModel({ product: [{ name: 'i', values }] }, ({ i }) => ({ y: Math.sqrt(Number(i)) }), {
    repetitions: 1,
  })
  const held = new Map([...source.held].filter(([id]) => id !== 'chunks'))
  const bins = [{ field: 0, point: 0, low: 0, high: 2, counts: [3, 1], strays: 0 }]
  const { page, wrong, bytes } = await opened({ ...source, model, held, bins })
  assert.ok(bytes < 5e6, `${bytes} bytes`)
  assert.equal((await texts(page, '#table tbody tr')).length, 500)
  assert.match((await texts(page, '#table > .buttons button'))[0]!, /^Show 500 more of 99,500 points$/)
  await page.waitForSelector('#distribution [data-part="rect"] > rect')
  assert.deepEqual(wrong, [])
  await page.close()
})

test('should show all without scripts', async () => {
  const { text } = pageFile(trees, source)
  const body = text.slice(text.indexOf('<body>'), text.indexOf('<script'))
  assert.match(body, /<svg [^>]*role="img"/)
  assert.equal(body.match(/<tbody>/g)!.length, 4) // of two fields, the design, the packages
  assert.doesNotMatch(body, / style=| on[a-z]+=/)
})

test('should give the means that reprise results gives, and Markdown in which nothing is markup', async () => {
  const store = ResultsStore.open(epidemic.run)
  const flat = [...pointMeans(store)].map(flattenMeans)
  store.close()
  const pieces: string[] = []
  for await (const piece of csvText(inferColumns(flat), flat)) pieces.push(piece)
  const { document } = epidemic.manifest.experiment
  assert.equal(await meansCsv(document, () => reportOutcomes(epidemic.lab, source)), pieces.join(''))
  assert.equal(await modelCsv(document, source.model), pieces.join(''))
  const of = await reportSource(hostile.lab, hostile.run.id, false)
  const csv = await modelCsv(hostile.manifest.experiment.document, of.model)
  assert.ok(
    csv.includes('\u202Egnp') &&
      csv.includes('</script><script>window.taken = 1</script><img src=x onerror="'.replaceAll('"', '""')),
    'data are not cut',
  )
  assert.equal(
    await meansCsv(hostile.manifest.experiment.document, () => reportOutcomes(hostile.lab, of)),
    csv,
  )
  const bad = reportMarkdown(of)
  assert.doesNotMatch(bad, /(?<!\\)<(script|img|svg)/)
  assert.match(reportMarkdown(source), /\| infect \| remove \| jobs \|/)
})

test('should keep every field and value in data, and say which fields people are not shown', async () => {
  const { document } = many.manifest.experiment
  const of = await reportSource(many.lab, many.run.id, false)
  const [head = '', ...lines] = (await meansCsv(document, () => reportOutcomes(many.lab, of))).split('\n')
  assert.ok(head.includes('f49.mean') && of.model.fields.length === 40 && of.model.leftOut.count === 10)
  assert.ok(lines[0]!.startsWith(`${'w'.repeat(50)}a,`) && lines[1]!.startsWith(`${'w'.repeat(50)}b,`))
  assert.ok(lines[2]!.startsWith('=1+1,'), 'formulas of spreadsheets are data')
  assert.match(of.withheld.join(), /^10 of 50 fields, nor do figures and Markdown \(f45, .*--csv$/)
  assert.match(reportMarkdown(of), /10 more of 50 fields are left out here/)
  assert.match(of.lacking.join(), /platform's own Math/)
  const lead = (source: ReportSource) =>
    /<p class="lead">[\s\S]*?<\/p>/.exec(pageFile(trees, source).text)![0]
  assert.match(lead(of), /not in this page: with <code>reprise rerun/)
  assert.match(lead(source), /bit for bit, from this page/)
})

test('should give the same data file in a browser, with and without the chunks', { skip }, async () => {
  const { document } = many.manifest.experiment
  const whole = await reportSource(many.lab, many.run.id, false)
  const saved = async (of: ReportSource) => {
    const { page } = await opened(of)
    return page.evaluate(`new Promise((resolve, reject) => {
      addEventListener('unhandledrejection', ({ reason }) => reject(reason))
      URL.createObjectURL = (blob) => (blob.text().then(resolve), 'data:,')
      const [button] = document.querySelectorAll('#downloads button')
      globalThis.words = button.textContent
      button.click()
    }).then((text) => [words, text])`) as Promise<[string, string]>
  }
  const all = await meansCsv(document, () => reportOutcomes(many.lab, whole))
  assert.deepEqual(await saved(whole), ['Save Numbers (CSV)', all])
  const without = await reportSource(many.lab, many.run.id, false, 10)
  assert.deepEqual(await saved(without), [
    'Save Numbers (CSV, without 10 fields)',
    await modelCsv(document, without.model),
  ])
})

test('should say what it lacks of a manifest alone', async () => {
  const folder = trees.plant({})
  copyFileSync(epidemic.run.manifest, join(folder, 'manifest.json'))
  const alone = await reportSource(labAt(join(folder, '.reprise')), join(folder, 'manifest.json'), false)
  const { text } = pageFile(trees, alone)
  assert.equal(alone.hasResults, false)
  assert.ok(text.includes('any results: there were none beside the manifest'))
  assert.ok(!text.includes('id="results"') && !text.includes('id="model"'))
})

test('should leave out chunks that are too large unless it is to be whole', async () => {
  const { held, bins, withheld } = await reportSource(epidemic.lab, epidemic.run.id, false, 1_000)
  assert.ok(!held.has('chunks'))
  assert.equal(bins!.length, 40)
  assert.match(withheld.join(), /too large/)
  assert.ok((await reportSource(epidemic.lab, epidemic.run.id, true, 1_000)).held.has('chunks'))
})
