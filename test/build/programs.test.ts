/** Programs that travel: made elsewhere from the same sources they are the same bytes, and those that were built are these. */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makePrograms } from '../../build/programs.ts'
import { ROOT } from '../../lab/installed.ts'

test('should be the same wherever they are made, and name no place', async (t) => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'else where '))
  t.after(() => rmSync(elsewhere, { recursive: true }))
  for (const name of ['lib', 'provenance', 'runners', 'lab', 'web'])
    cpSync(join(ROOT, 'dist', name), join(elsewhere, 'dist', name), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(elsewhere, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(elsewhere, 'node_modules'))
  const made = await makePrograms(join(elsewhere, 'dist'))
  assert.deepEqual([...made.keys()].sort(), readdirSync(join(ROOT, 'dist/programs')).sort())
  for (const [name, text] of made) {
    assert.equal(readFileSync(join(ROOT, 'dist/programs', name), 'utf8'), text, name)
    for (const place of [elsewhere, ROOT, 'node_modules/'])
      assert.ok(!text.includes(place), `${name}: ${place}`)
  }
})
