/** Verification: an intact record is valid, and no change to it, to its capsule or to its chunks goes unseen. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fromHex, toHex, utf8 } from '../../lib/digest.ts'
import { leafHash, merkleRoot } from '../../lib/merkle.ts'
import { type Manifest, manifestBytes } from '../../provenance/manifest.ts'
import { type Evidence, verifyManifest } from '../../provenance/verify.ts'
import { forged, type Loose, type Sealed, type StoredChunk, sealedRun } from './record.ts'
import { Trees } from './tree.ts'

const trees = new Trees()
let sealed: Sealed
/** The same manifest with its capsule beside it: small enough to try every byte. */
let small: { bytes: Uint8Array; manifest: Manifest; text: string }

before(async () => {
  sealed = await sealedRun(trees)
  const bytes = forged(sealed.manifest, ({ capsule }) => {
    capsule.source = null
  })
  const text = Buffer.from(bytes).toString('utf8')
  small = { bytes, text, manifest: JSON.parse(text) as Manifest }
})
after(() => trees.remove())

const all = (): Evidence => ({ capsule: sealed.capsule, chunks: sealed.chunks })

/** Verifies, and demands an answer without a throw within a second. */
function verify(bytes: Uint8Array, evidence: Evidence = all()) {
  const start = performance.now()
  const found = verifyManifest(bytes, evidence)
  assert.ok(performance.now() - start < 1_000, 'it took too long')
  assert.equal(found.valid, found.problems.length === 0)
  return found
}

/** Demands that the bytes are refused, for a problem at `where` that says `what`. */
function refuse(bytes: Uint8Array, where: string, what: RegExp, evidence?: Evidence): void {
  const { problems } = verify(bytes, evidence)
  const told = JSON.stringify(problems)
  assert.ok(
    problems.some((problem) => problem.where === where && what.test(problem.what)),
    `${where}: ${what} is not in ${told}`,
  )
}

describe('an intact record', () => {
  test('should be valid, with words on what was checked and what was not', () => {
    const { valid, checked, unchecked, manifest } = verify(sealed.bytes)
    assert.equal(valid, true)
    assert.deepEqual(checked, [
      'record digest',
      'experiment hash',
      'capsule digest',
      'counts',
      'leaves and root',
      'every chunk',
      'ledger entry and its inclusion',
      'checkpoint’s signature',
    ])
    const key = `the record is signed by a key you have not trusted: ${manifest?.proof.key}`
    assert.ok(unchecked.includes(key), 'and whose signature it is')
    assert.ok(unchecked.some((words) => words.startsWith('that the code gives these results')))
    assert.equal(manifest?.run.counts.failedJobs, 1)
  })

  test('should be valid without chunks or capsule, and say that they were not checked', () => {
    const { valid, unchecked } = verify(small.bytes, {})
    assert.equal(valid, true)
    assert.ok(unchecked.some((words) => words.startsWith('capsule')))
    assert.ok(unchecked.some((words) => words.startsWith('chunks')))
  })

  test('should hold what a root is computed from', () => {
    const { results } = sealed.manifest
    const leaves = sealed.chunks.map(({ bytes }) => leafHash(bytes))
    assert.deepEqual(results.leaves, leaves.map(toHex))
    assert.equal(results.root, toHex(merkleRoot(leaves)))
  })

  test('should be its own exact text', () => {
    assert.deepEqual(Buffer.from(manifestBytes(sealed.manifest)), Buffer.from(sealed.bytes))
  })
})

describe('bytes', () => {
  test('should find every change of a single byte', () => {
    const changes = [
      (b: number) => b ^ 1,
      () => 0x22,
      (b: number) => b ^ 0x20,
      (b: number) => b ^ 0x80,
      () => 0x24,
      () => 0,
    ]
    for (const [n, change] of changes.entries()) {
      // Every byte only in the slow tests; else some, others in each way, with a step that is prime to the length of a line.
      const step = process.env.REPRISE_SLOW === '1' ? 1 : n === 0 ? 5 : 17
      for (let i = n; i < small.bytes.length; i += step) {
        const changed = Uint8Array.from(small.bytes)
        changed[i] = change(changed[i]!)
        if (changed[i] === small.bytes[i]) continue
        const { valid, problems } = verifyManifest(changed, { capsule: sealed.capsule })
        assert.equal(valid, false, `byte ${i}`)
        assert.ok(problems.every(({ where, what }) => where !== '' && what !== ''))
      }
    }
  })

  test('should find changes in an embedded capsule', () => {
    for (let i = 0; i < sealed.bytes.length; i += 997) {
      const changed = Uint8Array.from(sealed.bytes)
      changed[i]! ^= 1
      assert.equal(verifyManifest(changed).valid, false, `byte ${i}`)
    }
  })

  test('should find every end that is cut off', () => {
    for (let length = 0; length < small.bytes.length; length += 13)
      assert.equal(verifyManifest(small.bytes.subarray(0, length)).valid, false)
  })

  test('should take the one exact text and no other', () => {
    const { text, manifest } = small
    const { capsule, ...rest } = manifest
    const texts = {
      'reordered keys': `${JSON.stringify({ ...rest, capsule }, null, 2)}\n`,
      'no white space': JSON.stringify(manifest),
      'more white space': `${text}\n`,
      'none at the end': text.trimEnd(),
      CRLF: text.replaceAll('\n', '\r\n'),
      tabs: text.replaceAll('  ', '\t'),
      'a byte-order mark': `\ufeff${text}`,
      'an escape': text.replace('"small"', '"\\u0073mall"'),
      'a number written otherwise': text.replace('"chunk": 2', '"chunk": 2.0'),
      'a duplicate key': text.replace('"chunk": 2,', '"chunk": 3,\n      "chunk": 2,'),
      'the same key twice': text.replace('"chunk": 2,', '"chunk": 2,\n      "chunk": 2,'),
      'a prototype': text.replace('"chunk": 2,', '"__proto__": {"chunk": 3},\n      "chunk": 2,'),
      'a number too large': text.replace('"chunk": 2', '"chunk": 1e400'),
      'a rounded number': text.replace('"chunk": 2', '"chunk": 2.0000000000000000001'),
      'a lone surrogate': text.replace('"small"', '"\\ud800"'),
      'a comment': `${text}// hello\n`,
    }
    for (const [how, changed] of Object.entries(texts)) {
      assert.notEqual(changed, text, how)
      refuse(utf8(changed), 'manifest', /./)
    }
    refuse(Buffer.concat([small.bytes, Buffer.from([0xff])]), 'manifest', /not an exact text/)
  })

  test('should refuse what is no manifest, soon', () => {
    const texts: [string, RegExp][] = [
      ['', /not JSON/],
      ['null', /./],
      ['[]', /./],
      ['5', /./],
      ['{}', /./],
      ['{"format":"reprise/manifest/2"}', /has the format "reprise\/manifest\/2"/],
      ['{"format":["x"]}', /has the format/],
      ['['.repeat(100_000) + ']'.repeat(100_000), /./],
      [`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, /./],
      [`{"format":"reprise/manifest/1","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /./],
      ['x'.repeat(5_000_000), /not an exact text: line 1/],
      [`{"format":"${'y'.repeat(1_000_000)}"}`, /has the format "y{10,80}…?$|has the format/],
    ]
    for (const [text, what] of texts) refuse(utf8(text), 'manifest', what)
  })
})

describe('a forged record whose digest was made anew', () => {
  const hash = 'ab'.repeat(32)
  const cases: [string, (loose: Loose) => void, string, RegExp][] = [
    ['another experiment', ({ experiment }) => { experiment.document.name = 'other' }, 'manifest', /experiment\.hash/],
    ['another seed', ({ experiment }) => { experiment.document.seed = 'x' }, 'manifest', /experiment\.hash/],
    ['another experiment hash', ({ experiment }) => { experiment.hash = hash }, 'manifest', /experiment\.hash/],
    ['a changed leaf', ({ results }) => { results.leaves[1] = hash }, 'leaves', /root/],
    ['swapped leaves', ({ results }) => { results.leaves.reverse() }, 'leaves', /root/],
    ['a missing leaf', ({ results }) => { results.leaves.pop() }, 'leaves', /3 leaves for 4 chunks/],
    ['a leaf too many', ({ results }) => { results.leaves.push(hash) }, 'leaves', /5 leaves for 4 chunks/],
    ['no leaves', ({ results }) => { results.leaves = [] }, 'leaves', /0 leaves/],
    ['another root', ({ results }) => { results.root = hash }, 'leaves', /root/],
    ['another number of chunks', ({ results }) => { results.chunks = 5 }, 'manifest', /has 4 chunks, the record says 5/],
    ['another count of chunks', ({ run }) => { run.counts.chunks = 3 }, 'manifest', /4 chunks/],
    ['another count of jobs', ({ run }) => { run.counts.jobs = 9 }, 'manifest', /number of jobs/],
    ['failures hidden', ({ run }) => { run.counts.failedJobs = 0 }, 'manifest', /1 jobs? failed, the record says 0/],
    ['another capsule', ({ capsule }) => { capsule.source = `${String(capsule.source)} ` }, 'capsule', /SHA-256|length/],
    ['another capsule digest', ({ capsule }) => { capsule.sha256 = hash }, 'capsule', /SHA-256/],
    ['another capsule length', ({ capsule }) => { capsule.bytes = 1 }, 'capsule', /length/],
    ['an invalid experiment', ({ experiment }) => { experiment.document.repetitions = 0 }, 'manifest', /repetitions/],
    ['more chunks than there can be', ({ experiment }) => { experiment.document.repetitions = 2 ** 53 - 1 }, 'manifest', /chunks/],
    ['a key too many', (loose) => { loose.more = {} }, 'manifest', /additional|exactly/],
    ['a key too many in results', ({ results }) => { Object.assign(results, { more: 1 }) }, 'manifest', /./],
    ['a key too many in experiment', ({ experiment }) => { Object.assign(experiment, { more: 1 }) }, 'manifest', /additional/],
    ['a key too many in the document', ({ experiment }) => { experiment.document.more = 1 }, 'manifest', /more/],
    ['a wrong kind of count', ({ run }) => { run.counts.jobs = '8' }, 'manifest', /./],
    ['a negative count', ({ run }) => { run.counts.retried = -1 }, 'manifest', /./],
    ['a wrong kind of leaf', ({ results }) => { results.leaves[0] = 'x' }, 'manifest', /./],
    ['an upper-case leaf', ({ results }) => { results.leaves[0] = results.leaves[0]!.toUpperCase() }, 'manifest', /./],
    ['a wrong kind of capsule', ({ capsule }) => { capsule.source = 5 }, 'manifest', /./],
    ['sessions that are none', ({ run }) => { run.sessions = [{}] }, 'manifest', /./],
    ['probes that are none', ({ run }) => { run.probes = [{ name: 'x' }] }, 'manifest', /./],
    ['variables that are none', ({ run }) => { (run.sessions as Loose[])[0]!.variables = { recorded: [] } }, 'manifest', /./],
    ['an executable that is none', ({ run }) => { run.environments = [{ environment: { node: 'v1', binary: 'x' }, chunks: 1 }] }, 'manifest', /./],
    ['a licence that is none', ({ run }) => { run.packages = [{ name: 'x', version: '1', license: 5 }] }, 'manifest', /./],
    ['inputs that are none', ({ run }) => { run.inputs = { data: 5 } }, 'manifest', /./],
  ] // biome-ignore format: a table
  for (const [how, change, where, what] of cases) {
    test(`should be found out by ${how}`, () => refuse(forged(sealed.manifest, change), where, what))
  }

  test('should be let be where the run record holds more than this version knows', () => {
    const bytes = forged(sealed.manifest, ({ run }) => {
      run.more = { 10: 1, 9: 2, a: [] }
    })
    assert.equal(verify(bytes).valid, true)
    assert.match(
      Buffer.from(bytes).toString('utf8'),
      /"more": \{\n {6}"10": 1,\n {6}"9": 2,\n {6}"a": \[\]\n {4}\}/,
    )
  })

  /** What the first version did not record: a manifest of its may lack it. */
  const LATER = ['math', 'guard', 'touched', 'environments', 'variables', 'earlier']
  const LATER_COUNTS = ['planned', 'done', 'setAside']

  test('should be found out by any key that is missing', () => {
    const counts = ({ run }: Loose) => run.counts
    const places: ((loose: Loose) => object)[] = [
      (loose) => loose, ({ experiment }) => experiment, ({ experiment }) => experiment.document, ({ capsule }) => capsule,
      ({ run }) => run, counts, ({ results }) => results,
      ({ run }) => (run.sessions as object[])[0]!,
    ] // biome-ignore format: a list
    for (const place of places) {
      for (const key of Object.keys(place(sealed.manifest as unknown as Loose))) {
        if (key === 'proof' || (place === counts ? LATER_COUNTS : LATER).includes(key)) continue
        const bytes = forged(sealed.manifest, (loose) => Reflect.deleteProperty(place(loose), key))
        assert.equal(verify(bytes).valid, false, key)
      }
    }
  })
})

describe('evidence beside the record', () => {
  const withChunks = (change: (chunks: StoredChunk[]) => StoredChunk[]): Evidence => ({
    ...all(),
    chunks: change([...sealed.chunks]),
  })

  test('should find each way to tamper with chunks', () => {
    const digit = (chunk: StoredChunk) => {
      const bytes = Uint8Array.from(chunk.bytes)
      const at = Buffer.from(bytes).indexOf('0.') + 4
      bytes[at] = bytes[at] === 0x35 ? 0x36 : 0x35
      return { ...chunk, bytes }
    }
    refuse(
      sealed.bytes,
      'chunk 2',
      /not those/,
      withChunks((c) => c.map((chunk, i) => (i === 2 ? digit(chunk) : chunk))),
    )
    refuse(
      sealed.bytes,
      'chunk 1',
      /missing/,
      withChunks((c) => c.filter(({ chunk }) => chunk !== 1)),
    )
    refuse(
      sealed.bytes,
      'chunk 3',
      /missing/,
      withChunks((c) => c.slice(0, 3)),
    )
    refuse(
      sealed.bytes,
      'chunk 0',
      /missing/,
      withChunks(() => []),
    )
    refuse(
      sealed.bytes,
      'chunk 4',
      /not part/,
      withChunks((c) => [...c, { chunk: 4, bytes: c[0]!.bytes }]),
    )
    const swapped = withChunks(([a, b, ...rest]) => [
      { chunk: 0, bytes: b!.bytes },
      { chunk: 1, bytes: a!.bytes },
      ...rest,
    ])
    refuse(sealed.bytes, 'chunk 0', /not those/, swapped)
    refuse(sealed.bytes, 'chunk 1', /not those/, swapped)
    const twice = withChunks(([a, b, ...rest]) => [a!, b!, b!, ...rest])
    assert.deepEqual(verify(sealed.bytes, twice).problems, [
      { where: 'chunk 1', what: 'comes twice or out of order' },
    ])
    assert.equal(
      verify(
        sealed.bytes,
        withChunks((c) => c.reverse()),
      ).valid,
      false,
    )
  })

  test('should find a chunk whose leaf fits and whose words do not', () => {
    const bad = utf8('{"chunk":1,"jobs":[{"result":1}]}')
    const bytes = forged(sealed.manifest, ({ results }) => {
      results.leaves[1] = toHex(leafHash(bad))
      results.root = toHex(merkleRoot(results.leaves.map(fromHex)))
    })
    refuse(
      bytes,
      'chunk 1',
      /1 jobs instead of 2/,
      withChunks((c) => c.map((chunk, i) => (i === 1 ? { chunk: 1, bytes: bad } : chunk))),
    )
  })

  test('should not tell of a hundred thousand chunks one by one', () => {
    const bytes = forged(sealed.manifest, ({ results }) => {
      results.leaves = Array.from({ length: 1_000 }, () => 'ab'.repeat(32))
    })
    const { problems } = verify(bytes, { ...all(), chunks: [] })
    assert.ok(problems.length < 150)
    assert.ok(problems.some(({ what }) => /900 more/.test(what)))
  })

  test('should find another capsule beside it', () => {
    assert.equal(verify(small.bytes).valid, true)
    refuse(small.bytes, 'capsule', /SHA-256/, { capsule: Buffer.concat([sealed.capsule, Buffer.from(' ')]) })
    refuse(small.bytes, 'capsule', /SHA-256/, { capsule: new Uint8Array() })
  })

  test('should take its leaves from a file beside it, and no other file', () => {
    const leaves = Buffer.concat(sealed.chunks.map(({ bytes }) => leafHash(bytes)))
    const sha256 = 'cd'.repeat(32)
    const named = (digest: string) =>
      forged(sealed.manifest, ({ results }) => {
        results.leaves = { sha256: digest } as unknown as string[]
      })
    refuse(named(sha256), 'leaves', /SHA-256/, { ...all(), leaves })
    const absent = verify(named(sha256), {})
    assert.ok(absent.valid && absent.unchecked.some((words) => words.startsWith('leaves and root')))
  })
})
