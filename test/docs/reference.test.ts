/** The reference pages say what the code says today. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { PAGES } from '../../docs/make/pages.ts'
import { ROOT } from '../documents.ts'

const pageOf = (path: string) => readFileSync(join(ROOT, path), 'utf8')

for (const [path, make] of Object.entries(PAGES)) {
  test(`should find ${path} as npm run docs makes it`, async () => {
    const lines = { here: pageOf(path).split('\n'), made: (await make()).split('\n') }
    const at = lines.made.findIndex((line, i) => line !== lines.here[i])
    assert.equal(lines.here[at], lines.made[at], `stale from line ${at + 1}: npm run docs`)
    assert.equal(lines.here.length, lines.made.length, 'stale: npm run docs')
  })
}

test('should leave out no command that the program shows', () => {
  const { stdout } = spawnSync(process.execPath, [join(ROOT, 'dist/cli/main.js'), '--help'], {
    encoding: 'utf8',
  })
  const names = [...stdout.split('Commands:\n')[1]!.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name!)
  assert.ok(names.includes('run') && names.length > 20)
  const page = pageOf('docs/reference/cli.md')
  assert.deepEqual(
    names.filter((name) => name !== 'help' && !page.includes(`\n## ${name}`)),
    [],
  )
})
