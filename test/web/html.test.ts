/** HTML as text: what is inserted is shown, and never becomes an element, an attribute or a script. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { html } from '../../web/html.ts'

test('should show inserted text as it is, as text and in an attribute', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', ';', 'a', '=', '/', ' ', '`') }),
      (text) => {
        const page = html`<!doctype html><html><body><p title="${text}">${text}</p></body></html>`.text
        const { document } = parseHTML(page)
        const [p, ...others] = document.body.children
        assert.equal(others.length, 0)
        assert.equal(p!.textContent, text)
        assert.equal(p!.getAttribute('title'), text)
        assert.equal(p!.attributes.length, 1)
      },
    ),
    { seed: 8, numRuns: 500 },
  )
})

test('should put templates and lists into templates, and nothing for null', () => {
  const rows = ['a', '<b>'].map((name) => html`<li>${name}</li>`)
  assert.equal(html`<ul>${rows}${null}${undefined}</ul>${3}`.text, '<ul><li>a</li><li>&lt;b&gt;</li></ul>3')
})

test('should show a replacement for what no page may hold', () => {
  assert.equal(html`${'a\u0000b\u001b[31m\tc\n'}`.text, 'a\ufffdb\ufffd[31m\tc\n')
})
