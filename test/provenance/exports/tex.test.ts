/** Any text is typeset and none is executed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { texDigest, texText } from '../../../provenance/exports/tex.ts'

/** What is left of TeX's own characters when the commands that we write are taken away. */
function raw(tex: string): string {
  return tex
    .replace(
      /\\text(backslash|brace(left|right)|ascii(circum|tilde)|less|greater|bar|quote(left|right))\{\}/g,
      '',
    )
    .replace(/\\[$&#%_]/g, '')
    .replace(/\\wide\{[^ -~]+\}\{U\+[0-9A-F]{4,6}\}\{\d+\}/gu, '')
    .replace(/(?<=[-,])\{\}(?=[-,])/g, '')
}

test('should leave nothing that TeX heeds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const wide of ['wide', null])
        assert.doesNotMatch(raw(texText(text, wide)), /[\\{}$&#%_^~<>|"`\p{Cc}]|--|,,/u)
    }),
    { numRuns: 2_000 },
  )
})

test('should keep braces in pairs, as BibTeX counts them', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('{', '}', '\\', '%', 'a', 'β') }), (text) => {
      let depth = 0
      for (const character of texText(text, null)) {
        depth += character === '{' ? 1 : character === '}' ? -1 : 0
        assert.ok(depth >= 0)
      }
      assert.equal(depth, 0)
    }),
  )
})

test('should print letters that every TeX knows, and tell others by their code point', () => {
  assert.equal(texText('Größe à 1', 'w'), 'Größe à 1')
  assert.equal(texText('β 😀', 'w'), '\\w{β}{U+03B2}{946} \\w{😀}{U+1F600}{128512}')
  assert.equal(texText('β', null), 'U+03B2')
  assert.equal(texText('a\u202eb\u200bc', 'w'), 'aU+202EbU+200Bc')
  assert.equal(texText('a\n\n\\par\tb', null), 'a \\textbackslash{}par b')
})

test('should let a digest break, and change no digit of it', () => {
  const hex = '0123456789abcdef'.repeat(4)
  assert.equal(texDigest(hex).replaceAll('\\allowbreak{}', ''), hex)
  assert.equal(texDigest(hex).split('\\allowbreak{}').length, 16)
})
