/**
 * A page that stands alone: style, script and data are in it, and a policy forbids it anything else: no network, no other
 * script, no frame. Scripts and styles are allowed by their digest, workers and what they import only as blobs that the
 * page itself made.
 */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type Html, html } from './html.ts'

export interface PageParts {
  readonly title: string
  readonly style: string
  readonly script: string
  readonly body: Html
  /** What the script reads (`web/client/payload.ts`), by the id of the element that holds it. */
  readonly data: ReadonlyMap<string, Packed>
}

/** Bytes as the text that an element holds. */
export interface Packed {
  readonly text: string
}

/** Packs them: base64 of gzip without a time, so that the same bytes give the same page. */
export function packed(bytes: Uint8Array): Packed {
  return { text: gzipSync(bytes, { level: 9 }).toString('base64') }
}

/** The whole page. The same parts give the same bytes. */
export function pageOf({ title, style, script, body, data }: PageParts): string {
  const held = [...data].map(([id, { text }]) => dataElement(id, text))
  const head = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(style, script)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
`
  return [
    head.text,
    `<style>${inline(style, 'style')}</style>\n</head>\n<body>\n`,
    body.text,
    ...held,
    `\n<script>${inline(script, 'script')}</script>\n</body>\n</html>\n`,
  ].join('')
}

/** What the page may do. */
export function policyOf(style: string, script: string): string {
  return [
    "default-src 'none'",
    `script-src '${digestOf(script)}' blob:`,
    `style-src '${digestOf(style)}'`,
    'img-src data: blob:',
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`
}

function dataElement(id: string, text: string): string {
  return html`<script type="application/gzip;base64" id="${id}">${text}</script>\n`.text
}

/** Text of an element that ends where its end tag is read. */
function inline(text: string, element: string): string {
  if (/<\/(script|style)|<!--/i.test(text))
    throw new Error(`the page's ${element} holds what would end or hide it`)
  return text
}
