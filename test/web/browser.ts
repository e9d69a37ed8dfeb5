/**
 * Real browsers without a window for the tests of pages: Debian's Chromium, driven by its own protocol, and Firefox, by
 * WebDriver BiDi. One start serves many pages; each has a profile of its own that goes with it.
 */
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { findBrowser } from '../portability/browser.ts'

export type BrowserName = 'chromium' | 'firefox-esr'
export const BROWSER_NAMES: readonly BrowserName[] = ['chromium', 'firefox-esr']

/** Milliseconds that a browser may take to start on a machine that is busy. */
const PATIENCE = 120_000

/** For `test(…, { skip })`: why a test in this browser is passed over, or false where it can be started. */
export function lacking(name: BrowserName): string | false {
  if (findBrowser(name) !== null) return false
  console.log(`SKIPPING what needs ${name}: it is not on this machine`)
  return `${name} is not on this machine`
}

/** Starts a browser, in a time zone where one is given. Whoever does ends it: `await browser.close()`, in `after`. */
export async function startBrowser(name: BrowserName, zone?: string): Promise<Browser> {
  return puppeteer.launch({
    browser: name === 'chromium' ? 'chrome' : 'firefox',
    executablePath: findBrowser(name)!,
    headless: true,
    ...(zone === undefined ? {} : { env: { ...process.env, TZ: zone } }),
    timeout: PATIENCE,
    protocolTimeout: PATIENCE,
    args: name === 'chromium' ? ['--no-sandbox', '--disable-dev-shm-usage', '--disable-quic'] : [],
  })
}

/** A page with what went wrong in it: errors of scripts, what its policy refused, and what it asked any network for. */
export interface Watched {
  readonly page: Page
  readonly wrong: string[]
}

/** A new page in this browser, at an address (`file:` or loopback), once its script has run. */
export async function openPage(browser: Browser, url: string): Promise<Watched> {
  const page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE)
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(`error: ${String(error)}`))
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const address = request.url()
    if (address !== url && !/^(data|blob):/.test(address)) wrong.push(`request: ${address}`)
  })
  await page.goto(url, { waitUntil: 'load', timeout: PATIENCE })
  return { page, wrong }
}
