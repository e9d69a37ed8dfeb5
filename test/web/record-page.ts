/** Pages that hold a record and its verification, in files and behind a server at loopback, and what a reader does there. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'puppeteer-core'
import { clientScript } from '../../build/client-script.ts'
import { ROOT } from '../../lab/installed.ts'
import { html } from '../../web/html.ts'
import { packed, pageOf } from '../../web/page.ts'
import { STYLE } from '../../web/style.ts'
import { VERIFICATION_STYLE } from '../../web/verification/style.ts'

/** Where test/web/mount.js is, seen from the compiled sources of pages. */
const MOUNT = '../../../test/web/mount'

let script: Promise<string> | undefined

/** A page in a file of this folder; `parts` are what it holds, by the ids of their elements. */
export async function writePage(
  folder: string,
  name: string,
  parts: Readonly<Record<string, Uint8Array>>,
): Promise<string> {
  script ??= clientScript(join(ROOT, 'dist'), MOUNT, ['judge', 'engine'])
  const text = pageOf({
    title: name,
    style: STYLE + VERIFICATION_STYLE,
    script: await script,
    body: html`<main><h1>${name}</h1><h2>Check</h2><section id="verification"></section></main>`,
    data: new Map(Object.entries(parts).map(([id, bytes]) => [id, packed(bytes)])),
  })
  const path = join(folder, `${name}.html`)
  writeFileSync(path, text)
  return path
}

/** Serves the files of a folder at loopback; tells every address that is asked for. */
export async function serveFolder(folder: string, asked: string[]): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    asked.push(request.url!)
    if (!/^\/\w+\.html$/.test(request.url!)) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end(readFileSync(folder + request.url!))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** What stands in an element of the page; empty where it is not there, or hidden. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return String(await page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`))
}

/** Presses Verify, by the keyboard, and waits: the verdict. */
export async function verifyIn(page: Page): Promise<string> {
  await page.waitForSelector('button.verify')
  await page.focus('button.verify')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.findings > *')
  assert.equal(await page.evaluate('document.activeElement.className'), 'verify', 'the focus stays')
  return textOf(page, '.verify .verdict')
}

/** Chooses how many chunks, presses Re-run and waits: the verdict. */
export async function rerunIn(
  page: Page,
  count: string,
  { beacon = '', seconds = '60' }: { beacon?: string; seconds?: string } = {},
): Promise<string> {
  await page.evaluate(`
    document.querySelector('input[value="${count}"]').click()
    document.getElementById('rerun-beacon').value = ${JSON.stringify(beacon)}
    document.getElementById('rerun-limit').value = ${JSON.stringify(seconds)}
  `)
  await page.click('button.rerun')
  await page.waitForFunction(`document.querySelector('.outcome .verdict').innerText !== '' ||
    document.querySelector('.progress .said').innerText.startsWith('Nothing is said')`)
  return (await textOf(page, '.outcome .verdict')) || textOf(page, '.progress .said')
}

/** What hinders those who read by ear or keyboard, as axe finds it, a line for each. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(`axe.run('#verification').then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`) as Promise<
    string[]
  >
}
