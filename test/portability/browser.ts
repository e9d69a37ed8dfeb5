/**
 * A runner whose engines are workers of a real browser, without a window: it serves a page and the capsule on a port of
 * its own at loopback, starts the browser there, and takes back what the page posts. For the tests alone: it shows
 * that a capsule needs nothing of Node, and that its bits are not V8's.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../lab/installed.ts'
import { leafOf } from '../../runners/protocol.ts'
import type { Assignment, Runner, Sink } from '../../runners/runner.ts'

/** How a browser is started: the words after its name, for a fresh profile's folder and the page's address. */
const BROWSERS: Readonly<Record<string, (folder: string, url: string) => string[]>> = {
  chromium: (folder, url) => [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic'],
    ...['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    `--user-data-dir=${folder}`,
    url,
  ],
  'firefox-esr': (folder, url) => {
    writeFileSync(join(folder, 'user.js'), FIREFOX_PREFERENCES)
    return ['--headless', '--no-remote', '--profile', folder, url]
  },
}

/** No word to anybody but the page's server, and no page before it. */
const FIREFOX_PREFERENCES = [
  ['app.normandy.enabled', false],
  ['app.update.enabled', false],
  ['browser.aboutwelcome.enabled', false],
  ['browser.safebrowsing.downloads.remote.enabled', false],
  ['browser.safebrowsing.malware.enabled', false],
  ['browser.safebrowsing.phishing.enabled', false],
  ['browser.shell.checkDefaultBrowser', false],
  ['datareporting.healthreport.uploadEnabled', false],
  ['datareporting.policy.dataSubmissionEnabled', false],
  ['extensions.update.enabled', false],
  ['network.captive-portal-service.enabled', false],
  ['network.connectivity-service.enabled', false],
  ['network.dns.disablePrefetch', true],
  ['network.prefetch-next', false],
  ['services.settings.server', 'data:,'],
  ['toolkit.telemetry.unified', false],
]
  .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)})\n`)
  .join('')

const PAGE = join(ROOT, 'test/portability')
const TAIL = 2_000

/** The path of a browser, or null where there is none of that name. */
export function findBrowser(name: string): string | null {
  const paths = (process.env.PATH ?? '').split(':').map((folder) => join(folder, name))
  return paths.find((path) => existsSync(path)) ?? null
}

/** A runner in the browser `name`, which lies at `path`. It gives up after `patienceMs`. */
export function browserRunner(name: string, path: string, patienceMs = 300_000): Runner {
  return {
    kind: name,
    engines: 2,
    async execute(assignment, sink, signal) {
      const folder = mkdtempSync(join(tmpdir(), 'reprise-browser-'))
      const visit = new Visit(assignment, sink)
      const patience = setTimeout(() => visit.fail(`${name} took longer than ${patienceMs} ms`), patienceMs)
      signal.addEventListener('abort', visit.finish)
      let browser: ChildProcess | undefined
      try {
        const words = BROWSERS[name]!(folder, await visit.listen())
        browser = spawn(path, words, {
          detached: true,
          stdio: ['ignore', 'ignore', 'pipe'],
          env: {
            PATH: process.env.PATH,
            HOME: folder,
            TZ: 'UTC',
            LC_ALL: 'C',
            MOZ_CRASHREPORTER_DISABLE: '1',
          },
        })
        let said = ''
        browser.stderr!.setEncoding('utf8').on('data', (text: string) => {
          said = (said + text).slice(-TAIL)
        })
        browser.on('error', (error) => visit.fail(error.message))
        browser.on('exit', (code, by) => visit.fail(`${name} ended (${by ?? `exit code ${code}`}): ${said}`))
        await visit.finished
      } finally {
        clearTimeout(patience)
        signal.removeEventListener('abort', visit.finish)
        if (browser !== undefined) await end(browser)
        visit.close()
        rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
      }
    },
  }
}

/** Ends the browser with all its processes, and waits until it is gone. */
async function end(browser: ChildProcess): Promise<void> {
  if (browser.pid === undefined || browser.exitCode !== null || browser.signalCode !== null) return
  const gone = new Promise((resolve) => browser.once('exit', resolve))
  process.kill(-browser.pid, 'SIGKILL')
  await gone
}

/** What the page asks and tells while the browser is open. */
class Visit {
  readonly finished: Promise<void>
  finish: () => void = () => {}
  fail: (why: string) => void = () => {}
  readonly #assignment: Assignment
  readonly #sink: Sink
  readonly #chunks: Iterator<number>
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: Error) => {
      this.fail(error.message)
      response.destroy()
    })
  })
  #left: number

  constructor(assignment: Assignment, sink: Sink) {
    this.#assignment = assignment
    this.#sink = sink
    this.#left = assignment.count
    this.#chunks = assignment.chunks[Symbol.iterator]()
    this.finished = new Promise((resolve, reject) => {
      this.finish = resolve
      this.fail = (why) => reject(new Error(why))
    })
    this.finished.catch(() => {}) // told to whoever waits; the browser may fail before anybody does
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const give = (type: string, body: Uint8Array | string) =>
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
    const body = await bodyOf(request)
    if (pathname === '/') give('text/html; charset=utf-8', readFileSync(join(PAGE, 'page.html')))
    else if (pathname === '/worker.mjs') give('text/javascript', readFileSync(join(PAGE, 'worker.mjs')))
    else if (pathname === '/capsule.mjs') give('text/javascript', readFileSync(this.#assignment.capsule))
    else if (pathname === '/next') give('application/json', JSON.stringify(this.#chunks.next().value ?? null))
    else if (pathname === '/ready') {
      this.#sink.engine({ engine: 1, pid: 0, host: 'browser', node: body.toString(), environment: null })
      give('text/plain', '')
    } else if (pathname === '/chunk') {
      this.#take(searchParams, body)
      give('text/plain', '')
    } else if (pathname === '/failed') this.fail(body.toString())
    else response.writeHead(404).end()
  }

  /** The browser's SHA-256 and Node's must agree before anything is compared. */
  #take(words: URLSearchParams, bytes: Buffer): void {
    const [chunk, failed, ms] = ['chunk', 'failed', 'ms'].map((name) => Number(words.get(name)))
    const leaf = leafOf(bytes)
    if (leaf !== words.get('leaf')) throw new Error(`chunk ${chunk}: the browser hashed other bytes`)
    this.#sink.chunk({ chunk: chunk!, bytes, leaf, failed: failed!, ms: ms!, engine: 1, stacks: [] })
    this.#left--
    if (this.#left === 0) this.finish()
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
