/** Results, ledgers and files beside a manifest that were changed, and bytes flipped at random: both verifiers find them. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'
import { fromHex, sha256, toHex } from '../../lib/digest.ts'
import { type Manifest, manifestBytes, recordDigest } from '../../provenance/manifest.ts'
import { NO_TRUST } from '../../provenance/trust.ts'
import { verifyManifest } from '../../provenance/verify.ts'
import { verifyLedger } from '../../provenance/verify-ledger.ts'
import { Project } from '../cli/project.ts'
import { examine, examineEach, intact, placesIn, sealed, UNLESS_THERE } from './independent.ts'
import { GOLDEN } from './vectors.ts'

interface Chunk {
  readonly chunk: number
  readonly bytes: Uint8Array
}

function chunksIn(path: string): Chunk[] {
  const database = new DatabaseSync(path)
  try {
    return database.prepare('SELECT chunk, bytes FROM chunks ORDER BY chunk').all() as unknown as Chunk[]
  } finally {
    database.close()
  }
}

const lines = (chunks: readonly Chunk[]) =>
  Buffer.concat(chunks.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]))

test('should find changed results, and name the chunks', UNLESS_THERE, async (t) => {
  const { project, manifest, manifestPath, resultsPath } = await sealed(t)
  const bytes = manifestBytes(manifest)
  const changes: readonly (readonly [sql: string, ...where: string[]])[] = [
    [`UPDATE chunks SET bytes = CAST(replace(bytes, 'no such text', '') AS BLOB)`],
    [`UPDATE chunks SET bytes = CAST(replace(bytes, 'e-', 'e+') AS BLOB) WHERE chunk = 5`, 'chunk 5'],
    [`UPDATE chunks SET bytes = CAST(replace(bytes, 'not at x', 'not at y') AS BLOB)`, 'chunk 1'],
    [`UPDATE chunks SET bytes = CAST(' ' || bytes AS BLOB) WHERE chunk = 0`, 'chunk 0'],
    [`UPDATE chunks SET bytes = x'' WHERE chunk = 17`, 'chunk 17'],
    ['UPDATE chunks SET bytes = (SELECT bytes FROM chunks WHERE chunk = 3) WHERE chunk = 2', 'chunk 2'],
    ['DELETE FROM chunks WHERE chunk IN (4, 17)', 'chunk 4', 'chunk 17'],
    ['DELETE FROM chunks', ...Array.from({ length: 18 }, (_, i) => `chunk ${i}`)],
    ['UPDATE chunks SET chunk = 18 WHERE chunk = 6', 'chunk 18', 'chunk 6'],
  ]
  const paths = changes.map(([sql], i) => {
    const path = project.path(`copy${i}.sqlite`)
    copyFileSync(resultsPath, path)
    const database = new DatabaseSync(path)
    database.exec(sql)
    database.close()
    return path
  })
  const answers = examineEach(paths.map((path) => [manifestPath, '--results', path]))
  for (const [i, [sql, ...where]] of changes.entries()) {
    const path = paths[i]!
    assert.deepEqual(placesIn(answers[i]!).sort(), where.sort(), sql)
    const { problems } = verifyManifest(bytes, { chunks: chunksIn(path) })
    assert.deepEqual(problems.map((problem) => problem.where).sort(), where, sql)
  }
  const chunks = chunksIn(resultsPath)
  intact(manifestPath, '--chunks', project.write('all.jsonl', lines(chunks)))
  const fewer = project.write('fewer.jsonl', lines(chunks.filter(({ chunk }) => chunk !== 9)))
  assert.deepEqual(placesIn(examine(manifestPath, '--chunks', fewer)), ['chunk 9'])
  const cut = project.write('cut.jsonl', lines(chunks).subarray(0, -1))
  assert.equal(examine(manifestPath, '--chunks', cut).valid, false)
  const junk = project.write('junk.sqlite', readFileSync(resultsPath).subarray(0, 5000))
  assert.equal(examine(manifestPath, '--results', junk).valid, false)
})

test('should find whatever is done to a ledger', UNLESS_THERE, async (t) => {
  const { project } = await sealed(t)
  await project.json(0, 'key', 'rotate')
  await project.json(0, 'ledger', '--note', 'größe', '--output', 'whole.txt')
  const whole = readFileSync(project.path('whole.txt'), 'utf8')
  intact('--ledger', project.path('whole.txt'))
  const [body = '', checkpoint = ''] = whole.split('\n\n')
  const signature = whole.slice(whole.lastIndexOf('\n\n'))
  const entries = body.split('\n')
  assert.equal(entries.length, 6)
  const withEntries = (changed: readonly string[]) => `${changed.join('\n')}\n\n${checkpoint}${signature}`
  assert.equal(withEntries(entries), whole)
  const swapped = (i: number) => [
    ...entries.slice(0, i),
    entries[i + 1]!,
    entries[i]!,
    ...entries.slice(i + 2),
  ]
  const forged = [
    ...entries.map((_, i) => withEntries(entries.filter((_, j) => j !== i))),
    ...entries.map((entry, i) => withEntries([...entries.slice(0, i), entry, ...entries.slice(i)])),
    ...entries.slice(1).map((_, i) => withEntries(swapped(i))),
    ...entries.map((entry) => whole.replace(entry, `${entry} `)),
    whole.replace('"note"', '"word"'),
    whole.replace('größe', 'grösse'),
    whole.replace('"seq":4', '"seq":5'),
    whole.replace('"kind":"registered"', '"kind":"ledger-opened"'),
    whole.replace(/\n6\n/, '\n5\n'),
    whole.replace(/(\n6\n)./, '$1='),
    whole.replace(/\nreprise\/ledger\/./, '\nreprise/ledger/z'),
    whole.replace(/— (\S+) ..../, '— $1 AAAA'),
    whole.replace(/— \S+ /, '— stranger '),
    `${whole}${signature.slice(2)}`,
    `${whole}\n`,
    whole.slice(0, -1),
    `${body}\n`,
    whole.replace('\n\n', '\n'),
    `\n${whole}`,
    `\ufeff${whole}`,
  ].filter((text) => text !== whole)
  assert.ok(forged.length > 36)
  const paths = forged.map((text, i) => project.write(`ledger${i}.txt`, text))
  const answers = examineEach(paths.map((path) => ['--ledger', path]))
  for (const [i, text] of forged.entries()) {
    assert.equal(answers[i]!.valid, false, text)
    assert.equal(verifyLedger(Buffer.from(text), NO_TRUST).valid, false, text)
  }
})

test(
  'should check leaves and capsule in files beside the manifest, and follow no link',
  UNLESS_THERE,
  (t) => {
    const project = new Project(t)
    const old = readFileSync(new URL('manifest-0.1.0.json', GOLDEN), 'utf8')
    const { proof: _, ...record } = JSON.parse(old) as Manifest
    const list = record.results.leaves as readonly string[]
    const leaves = Buffer.concat(list.map(fromHex))
    const digest = toHex(sha256(leaves))
    const source = record.capsule.source!
    const apart = {
      ...record,
      capsule: { ...record.capsule, source: null },
      results: { ...record.results, leaves: { sha256: digest } },
    }
    const path = project.write(
      'apart.json',
      manifestBytes({ ...apart, proof: { record: recordDigest(apart) } }),
    )
    assert.match(intact(path).unchecked.join(), /capsule.*not beside.*leaves.*not beside/)
    const [leavesName, capsuleName] = [`${digest}.leaves`, `${apart.capsule.sha256}.mjs`]
    project.write(leavesName, leaves)
    const capsulePath = project.write(capsuleName, source)
    const { checked } = intact(path)
    assert.deepEqual(
      ['the capsule', 'leaves and root'].map((what) => checked.includes(what)),
      [true, true],
    )
    for (const other of [leaves.subarray(32), Buffer.concat([leaves, leaves]), leaves.toReversed()]) {
      project.write(leavesName, other)
      assert.deepEqual(placesIn(examine(path)), ['results.leaves'])
      assert.equal(verifyManifest(readFileSync(path), { leaves: other }).valid, false)
    }
    project.write(leavesName, leaves)
    project.write(capsuleName, source.replace('0', '1'))
    assert.deepEqual(placesIn(examine(path)), ['capsule'])
    rmSync(capsulePath)
    symlinkSync(project.write('elsewhere.mjs', source), capsulePath)
    assert.deepEqual(placesIn(examine(path)), ['capsule'])
    rmSync(capsulePath)
    mkdirSync(capsulePath)
    assert.deepEqual(placesIn(examine(path)), ['capsule'])
  },
)

/** A number below `bound`, the same for the same words in every test run. */
const drawn = (words: string, bound: number) =>
  createHash('sha256').update(words).digest().readUIntBE(0, 6) % bound

test('should agree on bits that are flipped at random', UNLESS_THERE, async (t) => {
  const { project, manifest, manifestPath, resultsPath, ledgerPath } = await sealed(t)
  const [record, ledger] = [readFileSync(manifestPath), readFileSync(ledgerPath)]
  const results = lines(chunksIn(resultsPath))
  const proof = record.indexOf('"proof"') // half of the flips are put where the capsule is not
  const asked: string[][] = []
  const ours: boolean[] = []
  for (let i = 0; i < 66; i++) {
    const kind = (['record', 'proof', 'ledger', 'results'] as const)[i % 4]!
    const [from, flipped] = {
      record: [0, Buffer.from(record)] as const,
      proof: [proof, Buffer.from(record)] as const,
      ledger: [0, Buffer.from(ledger)] as const,
      results: [0, Buffer.from(results)] as const,
    }[kind]
    const at = from + drawn(`place ${i}`, flipped.length - from)
    flipped[at]! ^= 1 << drawn(`bit ${i}`, 8)
    const path = project.write(`flip${i}`, flipped)
    if (kind === 'ledger') {
      asked.push(['--ledger', path])
      ours.push(verifyLedger(flipped, NO_TRUST).valid)
    } else if (kind === 'results') {
      asked.push([manifestPath, '--chunks', path])
      const chunks = flipped.toString('latin1').split('\n').slice(0, -1)
      const evidence = chunks.map((text, chunk) => ({ chunk, bytes: Buffer.from(text, 'latin1') }))
      ours.push(verifyManifest(record, { chunks: evidence }).valid)
    } else {
      asked.push([path])
      ours.push(verifyManifest(flipped).valid)
    }
  }
  assert.equal(verifyManifest(record).valid && verifyLedger(ledger, NO_TRUST).valid, true)
  assert.equal(manifest.results.chunks, 18)
  const theirs = examineEach([[manifestPath, '--ledger', ledgerPath], ...asked]).map(({ valid }) => valid)
  assert.deepEqual(theirs, [true, ...ours])
  assert.ok(
    ours.every((valid) => !valid),
    'each of them was found',
  )
})

test('should refuse hostile files at once', UNLESS_THERE, async (t) => {
  const project = new Project(t)
  const old = readFileSync(new URL('manifest-0.1.0.json', GOLDEN), 'utf8')
  const hostile = [
    '['.repeat(100_000) + ']'.repeat(100_000),
    '{"a":'.repeat(100_000),
    `"${'\\"'.repeat(1_000_000)}`,
    '1'.repeat(1_000_000),
    old.replace(/"repetitions": \d+/, '"repetitions": 1e400'),
    old.replace(/"repetitions": \d+/, '"repetitions": true'),
    old.replace('"format"', '"__proto__": {},\n  "format"'),
    old.replace('"run": {', '"run": {},\n  "run": {'),
    `\ufeff${old}`,
    old.slice(0, -1),
    old.replace('"name"', '"n\\u0061me"'),
    Buffer.concat([Buffer.from(old), Buffer.from([0xff])]),
    '',
    'null',
  ]
  const paths = hostile.map((text, i) => project.write(`hostile${i}.json`, text))
  const begin = performance.now()
  const answers = examineEach(paths.map((path) => [path]))
  for (const answer of answers) assert.match(placesIn(answer).join(), /^(manifest|experiment\.document)$/)
  assert.ok(performance.now() - begin < 20_000)
  for (const text of hostile) assert.equal(verifyManifest(Buffer.from(text)).valid, false)
})

test('should be here as a file that others can take', UNLESS_THERE, () => {
  const text = readFileSync(fileURLToPath(new URL('verify.py', GOLDEN)), 'utf8')
  const imports = [...text.matchAll(/^ *(?:import|from) (\w+)/gm)].map(([, name]) => name!)
  const python = 'argparse base64 contextlib datetime hashlib json math os re sqlite3 stat struct sys'.split(
    ' ',
  )
  assert.deepEqual([...new Set(imports)].sort(), [...python, 'cryptography', 'nacl'].sort())
})
