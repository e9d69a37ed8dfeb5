/** The shapes that the build wrote are those of the schemas as they are, and judge as the compiled ones do. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { shapesSource } from '../../build/shapes.ts'
import { ROOT } from '../../lab/installed.ts'
import { MANIFEST_SCHEMA } from '../../provenance/manifest-schema.ts'
import { compileOwn } from '../../provenance/own-schema.ts'
import { misfit } from '../../provenance/shape.ts'
import { isManifest } from '../../provenance/shapes.ts'

test('should be built from the schemas as they are, and need no compiler', async () => {
  const built = readFileSync(join(ROOT, 'dist/provenance/shapes.js'), 'utf8')
  assert.ok(built === (await shapesSource(ROOT)), 'npm run build writes it anew')
  assert.equal(/new Function|\beval\(|^import/m.test(built), false)
})

test('should refuse what the schema refuses, in the same words', () => {
  const text = readFileSync(join(ROOT, 'examples/manifests/epidemic.json'), 'utf8')
  const compiled = compileOwn(MANIFEST_SCHEMA)
  assert.equal(isManifest(JSON.parse(text)), true)
  const lines = text.split('\n')
  const values = [...lines.keys()].filter((i) => /: [^{[]/.test(lines[i]!) && !lines[i]!.includes('"source"'))
  fc.assert(
    fc.property(fc.constantFrom(...values), fc.constantFrom('null', '-1', '"x"', '[]', '{}'), (i, value) => {
      const changed = lines.with(i, lines[i]!.replace(/: .*?(,?)$/, `: ${value}$1`)).join('\n')
      const json: unknown = JSON.parse(changed)
      assert.equal(isManifest(json), compiled(json))
      assert.equal(misfit(isManifest), misfit(compiled as never))
    }),
    { seed: 8, numRuns: 200 },
  )
})
