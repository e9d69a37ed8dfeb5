/** The lab in a real browser: hostile runs are inert, nobody is shut out, and what is allowed is done. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'puppeteer-core'
import { findRun, labAt } from '../../../lab/lab.ts'
import { runState } from '../../../lab/state.ts'
import { serveLab } from '../../../web/serve/server.ts'
import { Project } from '../../cli/project.ts'
import { temporaryFolder } from '../../lab/run.ts'
import { lacking, startBrowser } from '../browser.ts'

const BAD = `<script>window.pwned=1</script><img src=x onerror="window.pwned=1"><svg onload="window.pwned=1">`

/** Names, values, errors and the log try to be elements; some are long. `slow` runs for a while. */
const hostile = (change: string, pause = 0) => `import { experiment } from 'reprise'
const BAD = ${JSON.stringify(BAD).replaceAll('</', '<\\/')}
export default experiment({
  name: '"><script>window.pwned=1</script>',
  parameters: { '<img src=x onerror=window.pwned=1>': [1, 2], link: ['javascript:window.pwned=1', BAD] },
  repetitions: 20, chunk: 2,
  run({ point, repetition, random, log }) {
    if (${pause} > 0) { const end = performance.now() + ${pause}; while (performance.now() < end); }
    log('\\u001b[31m\\u001b]0;title\\u0007' + BAD + ' ]]> \\u0000')
    if (repetition === 1) throw new Error(BAD)
    if (repetition === 3) throw new Error('x'.repeat(1e5) + BAD)
    return { [BAD]: random() + (repetition === 4 ? ${change} : 0), text: BAD.repeat(repetition === 0 && point.link !== BAD ? 30_000 : 1), 'javascript:window.pwned=1': 3 }
  },
})
`

async function axe(page: Page, source: string): Promise<string[]> {
  await page.evaluate(source)
  const found = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`)
  const { violations } = found as { violations: { id: string; impact: string; nodes: { html: string }[] }[] }
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

test('should show hostile runs as text, to everybody, and cancel and resume when it may', {
  skip: lacking('chromium'),
}, async (t) => {
  const config = temporaryFolder(t)
  process.env.XDG_CONFIG_HOME = config // who resumes here signs into the same ledger
  const project = new Project(
    t,
    {
      'a.ts': hostile('0'),
      'b.ts': hostile('1e-9'),
      'slow.ts': hostile('0', 1_500), // it is cancelled twice, and never waited for
    },
    { XDG_CONFIG_HOME: config },
  )
  const [a, b] = [await project.json(0, 'run', 'a.ts'), await project.json(0, 'run', 'b.ts')]
  const lab = labAt(project.lab)
  writeFileSync(`${lab.runs}/20260101T000000000-000000`, '')
  const server = await serveLab(lab, { port: 0, allowControl: true })
  t.after(() => server.close())
  const browser = await startBrowser('chromium')
  t.after(() => browser.close())
  const page = await browser.newPage()
  page.setDefaultTimeout(60_000)
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(String(error)))
  page.on('console', (message) => wrong.push(message.text()))
  page.on('dialog', (dialog) => wrong.push(`dialog ${dialog.message()}`))
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (protocol !== 'blob:' && host !== `127.0.0.1:${server.port}`) wrong.push(`request ${request.url()}`)
  })
  await page.goto(server.address(), { waitUntil: 'load' })
  const base = page.url()
  assert.doesNotMatch(base, /ticket/, 'the secret has left the address bar')
  assert.equal(await page.evaluate('document.cookie'), '', 'no script sees the cookie')
  const source = createRequire(import.meta.url)('axe-core').source as string
  const words = async () => (await page.evaluate('document.body.innerText')) as string
  const seen = async (text: RegExp) => {
    for (let tries = 0; !text.test(await words()); tries++) {
      if (tries === 200) assert.fail(`never seen: ${text}; but: ${(await words()).slice(0, 1_000)}`)
      await sleep(100)
    }
  }
  for (const [path, text] of [
    ['', /"><script>window\.pwned=1<\/script>/],
    [`run?id=${a.run}`, /Mean ± standard error[\s\S]*8 jobs failed[\s\S]*<img src=x onerror/],
    [
      `compare?a=${a.run}&b=${b.run}`,
      /divergent 4 of 40 chunks differ[\s\S]*first difference[\s\S]*repetition 4/,
    ],
    ['ledger', /run-sealed/],
    [`confirm?do=cancel&id=${a.run}`, /Cancel the run/],
  ] as const) {
    for (const scheme of path.startsWith('run')
      ? ['light', 'dark']
      : path === 'ledger'
        ? ['light']
        : ['dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
      await page.setViewport(scheme === 'dark' ? { width: 360, height: 800 } : { width: 1280, height: 900 })
      await page.goto(`${base}${path}`, { waitUntil: 'load' })
      await seen(text)
      assert.deepEqual(await axe(page, source), [], `${path} ${scheme}`)
      assert.equal(
        await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
        true,
        `${path} fits`,
      )
    }
    assert.equal(await page.evaluate('window.pwned'), undefined, path)
    assert.equal(
      await page.evaluate(
        `document.querySelectorAll('main script, main img, main [onerror], main [onload], main [style], main a[href^="javascript:"]').length`,
      ),
      0,
    )
  }
  await page.goto(`${base}run?id=${a.run}`, { waitUntil: 'load' })
  await page.waitForSelector('#figure svg')
  await page.focus('#figure select')
  await page.evaluate(`document.querySelector('details').open = true`)
  await seen(/at .*a\.ts:\d+/) // places of the stack are those of the user's file
  assert.equal(await page.evaluate('window.pwned'), undefined)

  await page.goto(`${base}report?id=${a.run}`, { waitUntil: 'load' })
  assert.equal(await page.evaluate('origin'), 'null', 'a box of its own')
  assert.match(String(await page.evaluate(`fetch('./').catch((error) => String(error))`)), /TypeError/)
  wrong.length = 0 // that was told
  await page.waitForSelector('button.verify')
  await page.click('button.verify')
  await seen(/Checked[\s\S]*every chunk[\s\S]*checkpoint’s signature[\s\S]*Not checked/)
  assert.equal(await page.evaluate('window.pwned'), undefined)

  const slow = await project.json(0, 'run', 'slow.ts', '--detach', '-e', '1')
  await page.goto(`${base}run?id=${slow.run}`, { waitUntil: 'load' })
  await seen(/running[\s\S]*jobs\/s, about/)
  await Promise.all([page.waitForNavigation(), page.click('a.button')])
  await Promise.all([page.waitForNavigation(), page.click('main button')])
  assert.equal(page.url(), `${base}run?id=${slow.run}`)
  await seen(/cancelled/)
  assert.equal(runState(findRun(lab, slow.run)).state, 'cancelled')
  await Promise.all([page.waitForNavigation(), page.click('a.button[href*=resume]')])
  await Promise.all([page.waitForNavigation(), page.click('main button')])
  await seen(/\brunning\b/)
  await project.json(0, 'cancel', slow.run)
  await server.close()
  await seen(/the server has ended/)
  assert.deepEqual(
    wrong.filter((line) => !/ERR_CONNECTION_REFUSED/.test(line)),
    [],
  )
})
