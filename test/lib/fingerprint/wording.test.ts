/** Digests of words: they show Unicode data and messages that differ. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { errorDigest, unicodeDigest } from '../../../lib/fingerprint/wording.ts'

const MODULE = new URL('../../../lib/fingerprint/wording.js', import.meta.url).href

/** The digest in a process in which `before` was executed. */
function digestAfter(before: string, name: string): string {
  const program = `import { ${name} } from ${JSON.stringify(MODULE)}
${before}
console.log(${name}())`
  const words = ['--input-type=module', '--eval', program]
  return execFileSync(process.execPath, words, { encoding: 'utf8' }).trim()
}

test('should be the same in another process', () => {
  assert.equal(digestAfter('', 'unicodeDigest'), unicodeDigest())
  assert.equal(digestAfter('', 'errorDigest'), errorDigest())
})

test('should show another case or form of a single letter', () => {
  for (const [method, letter] of [
    ['toUpperCase', '\u00c5'],
    ['toLowerCase', '\u1c8a'],
    ['normalize', '\u030a'],
  ]) {
    const off = `const own = String.prototype.${method}
String.prototype.${method} = function (form) { return own.call(this, form).replace('${letter}', '?') }`
    assert.notEqual(digestAfter(off, 'unicodeDigest'), unicodeDigest(), method)
  }
})

test('should show another message of an error of the engine’s own', () => {
  const off = `const { parse } = JSON
JSON.parse = (text) => { try { return parse(text) } catch { throw new SyntaxError('bad JSON') } }`
  assert.notEqual(digestAfter(off, 'errorDigest'), errorDigest())
})
