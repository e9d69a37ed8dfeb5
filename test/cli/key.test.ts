/**
 * What stands before every entry of a ledger: a key, and a ledger that is neither older, gone nor changed. Where one
 * is missing nothing is planned and nothing executed.
 */
import assert from 'node:assert/strict'
import { cpSync, rmSync } from 'node:fs'
import { test } from 'node:test'
import { type Answer, mean, Project } from './project.ts'

/** What happened since the entry of this number, in words: kind, and which run. */
async function story(project: Project, about: readonly string[] = [], from = 0): Promise<string[]> {
  const { entries } = await project.json(0, 'ledger', ...about)
  return entries.filter(({ seq }: Answer) => seq >= from).map(({ kind }: Answer) => kind)
}

test('should execute nothing where the ledger is an older copy, gone or changed', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  const ledger = project.path('.reprise/ledger.sqlite')
  const { run } = await project.json(0, 'run', 'x.ts')
  cpSync(ledger, project.path('older.sqlite'))
  await project.json(0, 'ledger', '--note', 'newer')
  cpSync(ledger, project.path('newest.sqlite'))
  const commands = [
    ['run', 'x.ts'],
    ['register', 'x.ts'],
    ['rerun', run],
    ['ledger'],
    ['ledger', '--note', 'x'],
  ]
  const assertRefused = async (says: RegExp) => {
    const before = project.runNames()
    for (const words of commands) {
      const { error } = await project.json(4, ...words)
      assert.match(error.message, says, words.join(' '))
    }
    assert.deepEqual(project.runNames(), before, 'nothing was planned')
  }
  cpSync(project.path('older.sqlite'), ledger)
  await assertRefused(/older copy: 3 entries, where there were 4/)
  await project.json(4, 'verify', ledger)
  await project.json(0, 'verify', run)
  rmSync(ledger)
  await assertRefused(/older copy: 0 entries/)
  project.write('.reprise/ledger.sqlite', 'x'.repeat(5_000))
  await assertRefused(/not a database/)
  cpSync(project.path('newest.sqlite'), ledger)
  await project.json(0, 'run', 'x.ts')
})

test('should plan nothing without a key, and say where it would be kept', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  const env = { HOME: '/dev/null' }
  for (const words of [
    ['run', 'x.ts'],
    ['register', 'x.ts'],
    ['ledger', '--note', 'x'],
    ['key', 'show'],
  ]) {
    const { code, stderr } = await project.start(words, { env }).finished
    assert.equal(code, 1, stderr)
    assert.match(
      stderr,
      /^reprise: \/dev\/null\/\.config\/reprise\/key\.pem: [^\n]*XDG_CONFIG_HOME[^\n]*\n$/m,
    )
  }
  assert.deepEqual(project.runNames(), [])
})

test('should show, take and change the key', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  const { key, file } = await project.json(0, 'key', 'show')
  assert.equal(file, project.path('home/.config/reprise/key.pem'))
  assert.equal((await project.reprise('key', 'show')).stdout, `${key}\n`)
  cpSync(file, project.path('kept.pem'))
  const { run } = await project.json(0, 'run', 'x.ts')
  const rotated = await project.json(0, 'key', 'rotate')
  assert.deepEqual([rotated.from, rotated.key === key], [key, false])
  await project.json(4, 'verify', run, '--trust', rotated.key)
  await project.json(0, 'verify', run, '--trust', key)
  const { checked } = await project.json(0, 'verify', run)
  assert.ok(
    checked.some((words: string) => words.includes('signed by a key you trust')),
    'one’s own old key',
  )
  const next = await project.json(0, 'run', 'x.ts')
  assert.deepEqual(await story(project, [], 3), ['key-rotated', 'run-started', 'run-sealed'])
  await project.json(0, 'verify', next.run, '--trust', rotated.key)
  await project.json(1, 'key', 'import', 'kept.pem')
  rmSync(file)
  assert.equal((await project.json(0, 'key', 'import', 'kept.pem')).key, key)
  await project.json(1, 'key', 'import', 'x.ts.pem')
  for (const trust of ['x', 'a+b+c', 'package.json', key.slice(0, -1)])
    await project.json(2, 'verify', run, '--trust', trust)
})
