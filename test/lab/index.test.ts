/** What `import … from 'reprise'` gives a program, and what it must not load before it is needed. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as packaged from 'reprise'
import ts from 'typescript'
import * as lib from '../../lib/index.ts'

const DIST = fileURLToPath(new URL('../..', import.meta.url))

/** Compiled files of ours that importing `file` loads at once. */
function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023)
  for (const node of tree.statements) {
    const from =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined
    if (from === undefined || !ts.isStringLiteral(from) || !from.text.startsWith('.')) continue
    loadedWith(join(dirname(file), from.text), found)
  }
  return found
}

test('should give what experiments need, and open', () => {
  assert.deepEqual(Object.keys(packaged).sort(), [...Object.keys(lib), 'open'].sort())
  assert.equal(packaged.experiment, lib.experiment)
})

test('should load nothing but lib/ with it', () => {
  const files = [...loadedWith(join(DIST, 'lab/index.js'))].map((file) => relative(DIST, file))
  assert.ok(files.includes('lib/experiment.js'))
  assert.deepEqual(
    files.filter((file) => !file.startsWith('lib/')),
    ['lab/index.js'],
  )
})
