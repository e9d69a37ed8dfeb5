/** `deposit`, as a process: an artifact of a real run in a repository that enforces the API, and consent before it is published. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startRepository } from '../deposit/server.ts'
import { mean, Project } from './project.ts'

const TERMINAL = fileURLToPath(new URL('../../../test/cli/terminal.py', import.meta.url))

test('should put an artifact into a draft, publish it after a yes, and say the token to nobody', async (t) => {
  const there = await startRepository(t)
  const { project } = await Project.ran(t, { 'x.ts': mean() })
  const licence = ['--license', 'https://spdx.org/licenses/CC-BY-4.0']
  await project.json(
    0,
    'export',
    '@last',
    '--artifact',
    'artifact',
    '--no-tool',
    '--author',
    'Doe, Jane',
    ...licence,
  )
  const env = { REPRISE_DEPOSIT_TOKEN: there.token }
  const words = ['deposit', 'artifact', '--to', there.url]
  const made = await project.start([...words, '--json'], { env }).finished
  assert.equal(made.code, 0, made.stderr)
  assert.match(made.stderr, /^creator: /m, 'before anything is sent')
  const answer = JSON.parse(made.stdout)
  const [record] = there.records.values()
  assert.deepEqual([answer.id, answer.published, answer.isNew], [record!.id, null, true])
  const names = readdirSync(project.path('artifact'))
  assert.deepEqual([...record!.files.keys()].sort(), names.sort())
  for (const name of names)
    assert.deepEqual(record!.files.get(name)!.bytes, readFileSync(project.path('artifact', name)), name)

  const unasked = await project.start([...words, '--publish'], { env }).finished
  assert.deepEqual([unasked.code, record!.published], [1, false])
  assert.match(unasked.stderr, /--yes/)
  const at = async (reply: string) => {
    const through = ['python3', TERMINAL, 'y/N', JSON.stringify([`${reply}\n`])]
    return (await project.start([...words, '--publish'], { env, through }).finished).stdout
  }
  const declined = await at('no')
  assert.match(declined, /was not published/)
  assert.equal(record!.published, false)
  const agreed = await at('yes')
  assert.match(agreed, /published as https:\/\/doi\.org\/10\.5072/)
  assert.equal(record!.published, true)
  assert.equal(there.records.size, 1)
  for (const words of [made.stdout, made.stderr, unasked.stderr, declined, agreed])
    assert.ok(!words.includes(there.token))
})

test('should refuse what it could not do, before anything is sent', async (t) => {
  const there = await startRepository(t)
  const project = new Project(t, { 'a.txt': 'a', '.zenodo.json': '{}' })
  const REFUSED: readonly (readonly [words: readonly string[], says: RegExp])[] = [
    [['a.txt', '--to', 'http://example.org'], /TLS/],
    [['a.txt', '--to', there.url], /no metadata/],
    [['a.txt', '--to', there.url, '--metadata', '.zenodo.json'], /title/],
  ]
  await Promise.all(
    REFUSED.map(async ([words, says]) => {
      const { code, stderr } = await project.reprise('deposit', ...words)
      assert.deepEqual([code, says.test(stderr)], [2, true], stderr)
    }),
  )
  assert.deepEqual(there.seen, [])
})
