/** Pages that stand alone: the policy names what is in them, and the same parts give the same bytes. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { parseHTML } from 'linkedom'
import { html } from '../../web/html.ts'
import { packed, pageOf } from '../../web/page.ts'

const PARTS = {
  title: '</title><script>alert(1)</script>',
  style: 'p { color: red }',
  script: 'document.title = "x"',
  body: html`<p>${'<i>'}</p>`,
  data: new Map([['manifest', packed(Buffer.from('{"a":1}'))]]),
}

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

test('should allow its own script and style by digest, and nothing else', () => {
  const { document } = parseHTML(pageOf(PARTS))
  const policy = document.querySelector('meta[http-equiv]')!.getAttribute('content')!
  const [script, style] = [document.querySelector('script:not([type])'), document.querySelector('style')]
  assert.equal(script!.textContent, PARTS.script)
  assert.deepEqual(policy.split('; '), [
    "default-src 'none'",
    `script-src ${sha256(script!.textContent!)} blob:`,
    `style-src ${sha256(style!.textContent!)}`,
    'img-src data: blob:',
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ])
  assert.equal(document.querySelector('title')!.textContent, PARTS.title)
})

test('should hold data as it was, and give the same bytes again', () => {
  const page = pageOf(PARTS)
  const held = parseHTML(page).document.getElementById('manifest')!.textContent!
  assert.equal(gunzipSync(Buffer.from(held, 'base64')).toString(), '{"a":1}')
  assert.equal(pageOf(PARTS), page)
})

test('should refuse a script that would end its own element', () => {
  assert.throws(() => pageOf({ ...PARTS, script: '"</script>"' }), /would end or hide it/)
})
