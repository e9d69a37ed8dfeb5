/**
 * Records in PDFs: put in exactly, once, in the same bytes each time, beside what was there, and taken out again; by other
 * programs too. A paper that must not be changed is not.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { AFRelationship, PDFDocument } from '@cantoo/pdf-lib'
import { attachToPdf, writePdf } from '../../lab/attach-pdf.ts'
import { type Exportable, findExportable } from '../../lab/export.ts'
import { UnpackedPdf } from '../../lab/unpack-pdf.ts'
import { RepriseError } from '../../lib/errors.ts'
import { type Body, PAGE, packedPdf, pdfOf, withFiles } from './pdf/pdfs.ts'
import { signedPdf } from './pdf/signed-pdf.ts'
import { changedManifest, exampleRecord, manifestPath, recordApart } from './records.ts'
import { temporaryFolder, temporaryLab } from './run.ts'

const NAME = (record: Exportable) => `reprise-${record.manifest.results.root.slice(0, 12)}.json`

/** A paper in a folder of its own, and a record to attach. */
function paper(t: TestContext, bytes: Uint8Array = pdfOf()) {
  const folder = temporaryFolder(t)
  const path = join(folder, 'paper.pdf')
  writeFileSync(path, bytes)
  const lab = temporaryLab(t)
  return { folder, path, lab, record: exampleRecord(lab, 'factorial') }
}

/** What is taken out of a PDF: its records, and the files beside each. */
function taken(path: string) {
  const unpacked = new UnpackedPdf()
  try {
    unpacked.fill(path)
    const records = unpacked.records.map(({ path, file, manifest, problems }) => ({
      file,
      root: manifest?.results.root,
      bytes: readFileSync(path),
      problems,
      beside: readdirSync(join(path, '..')).sort(),
    }))
    return { records, problems: unpacked.problems }
  } finally {
    unpacked.remove()
  }
}

function attached(path: string, records: readonly Exportable[]) {
  const made = attachToPdf(path, records)
  writePdf(path, made.bytes)
  return made
}

/** qpdf is content with the file, and with every stream in it. */
function checked(path: string): void {
  const { status, stdout, stderr } = spawnSync('qpdf', ['--check', path], { encoding: 'utf8' })
  assert.equal(status, 0, `${stdout}${stderr}`)
}

const listed = (path: string) => execFileSync('pdfdetach', ['-list', path], { encoding: 'utf8' })

test('should attach the exact manifest, so that other programs find it too', async (t) => {
  const { path, folder, record } = paper(t)
  const before = readFileSync(path)
  const { records, changed } = attached(path, [record])
  assert.deepEqual(
    [changed, records.map(({ state, file }) => [state, file])],
    [true, [['added', NAME(record)]]],
  )
  assert.deepEqual(readFileSync(path).subarray(0, before.length), before, 'what was there is there')
  checked(path)
  assert.match(listed(path), new RegExp(`1 embedded files\\n1: ${NAME(record)}`))
  execFileSync('pdfdetach', ['-saveall', '-o', folder, path])
  assert.deepEqual(readFileSync(join(folder, NAME(record))), Buffer.from(record.record.bytes))
  const [other] = (await PDFDocument.load(readFileSync(path))).getAttachments()
  assert.deepEqual(
    [other?.name, other?.mimeType, other?.afRelationship],
    [NAME(record), 'application/json', AFRelationship.Data],
  )
  const found = taken(path)
  assert.deepEqual(found.problems, [])
  assert.deepEqual(found.records, [
    {
      file: NAME(record),
      root: record.manifest.results.root,
      bytes: Buffer.from(record.record.bytes),
      problems: [],
      beside: ['manifest.json'],
    },
  ])
})

test('should change nothing where the record is in it, and give the same bytes each time', (t) => {
  const { path, lab, record } = paper(t)
  const plain = readFileSync(path)
  attached(path, [record])
  const once = readFileSync(path)
  const again = attachToPdf(path, [record, record])
  assert.deepEqual([again.changed, again.records.map(({ state }) => state)], [false, ['there']])
  assert.deepEqual(Buffer.from(again.bytes), once)
  writeFileSync(path, plain)
  attached(path, [exampleRecord(lab, 'factorial')])
  assert.deepEqual(readFileSync(path), once)
})

test('should keep several records apart, attached at once or one after the other', (t) => {
  const { path, lab, record } = paper(t)
  attached(path, [record])
  const others = ['epidemic', 'python'].map((name) => exampleRecord(lab, name))
  attached(path, others)
  checked(path)
  const { records, problems } = taken(path)
  const roots = [record, ...others].map(({ manifest }) => manifest.results.root)
  assert.deepEqual([records.map(({ root }) => root).sort(), problems], [roots.sort(), []])
  assert.ok(records.every(({ problems }) => problems.length === 0))
})

test('should take the place of the same record with another proof', (t) => {
  const { path, lab, folder, record } = paper(t)
  attached(path, [record])
  const newer = join(folder, 'newer.json')
  writeFileSync(
    newer,
    changedManifest('factorial', () => ({})),
  ) // its proof has a digest, which version 0.1 did not write
  const other = findExportable(lab, newer)
  assert.equal(other.manifest.proof.record, record.manifest.proof.record)
  assert.notDeepEqual(other.record.bytes, record.record.bytes)
  assert.deepEqual(
    attached(path, [other]).records.map(({ state, file }) => [state, file]),
    [['replaced', NAME(record)]],
  )
  checked(path)
  const { records, problems } = taken(path)
  assert.deepEqual([records.map(({ bytes }) => bytes), problems], [[Buffer.from(other.record.bytes)], []])
  assert.match(listed(path), /^1 embedded files/)
})

test('should keep the name that another program gave to a record whose proof is newer', (t) => {
  const { path, lab, folder } = paper(
    t,
    pdfOf(withFiles({ m: { bytes: readFileSync(manifestPath('factorial')) } })),
  )
  const named = join(folder, 'named.pdf')
  execFileSync('qpdf', [
    path,
    '--remove-attachment=m',
    '--add-attachment',
    manifestPath('factorial'),
    '--filename=Größe.json',
    '--key=k',
    '--',
    named,
  ])
  const newer = join(folder, 'newer.json')
  writeFileSync(
    newer,
    changedManifest('factorial', () => ({})),
  )
  const older = exampleRecord(lab, 'factorial')
  const { records } = attached(named, [findExportable(lab, newer), older])
  assert.deepEqual(
    records.map(({ state, file }) => [state, file]),
    [['replaced', 'Größe.json']],
  )
  checked(named)
  assert.match(listed(named), /^1 embedded files\n1: Größe\.json/)
  assert.deepEqual(
    taken(named).records.map(({ file, problems }) => [file, problems]),
    [['Größe.json', []]],
  )
})

describe('should attach to what others wrote, and keep what is in it', () => {
  const XMP =
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format></rdf:Description></rdf:RDF></x:xmpmeta>\n   <?xpacket end="w"?>'
  const meta: Body = { dict: '/Type /Metadata /Subtype /XML', bytes: Buffer.from(XMP), deflate: true }
  const made: Readonly<Record<string, () => Buffer | Promise<Buffer>>> = {
    'files and metadata, in objects of their own': () =>
      pdfOf({ ...withFiles({ 'data.csv': { bytes: 'a,b' } }, '/AF [21 0 R] /Metadata 5 0 R'), 5: meta }),
    'names and catalog within streams': () => {
      const { 1: catalog, ...outer } = withFiles({ 'data.csv': { bytes: 'a,b' } }) as Record<number, string>
      return packedPdf(outer, { 1: catalog! })
    },
    'a tree with branches': () =>
      pdfOf({
        ...withFiles({ 'data.csv': { bytes: 'a,b', deflate: true } }),
        1: '<< /Type /Catalog /Pages 2 0 R /Names 6 0 R >>',
        6: '<< /Dests << /Names [] >> /EmbeddedFiles << /Kids [7 0 R] >> >>',
        7: '<< /Names [(data.csv) 21 0 R] /Limits [(data.csv) (data.csv)] >>',
      }),
    'one that pdf-lib made': async () => {
      const document = await PDFDocument.create()
      document.addPage()
      await document.attach(Buffer.from('a,b'), 'data.csv', { mimeType: 'text/csv' })
      return Buffer.from(await document.save())
    },
  }
  for (const [what, make] of Object.entries(made))
    test(what, async (t) => {
      const { path, record } = paper(t, await make())
      const before = readFileSync(path)
      attached(path, [record])
      checked(path)
      assert.match(listed(path), /^2 embedded files/)
      const kept = join(dirname(path), 'kept')
      const number = /^(\d): data\.csv$/m.exec(listed(path))![1]!
      execFileSync('pdfdetach', ['-save', number, '-o', kept, path])
      assert.equal(readFileSync(kept, 'utf8'), 'a,b')
      assert.deepEqual(
        taken(path).records.map(({ root, problems }) => [root, problems]),
        [[record.manifest.results.root, []]],
      )
      if (before.includes('/Metadata')) {
        const text = readFileSync(path).toString('utf8')
        const [head, tail] = XMP.split('</rdf:RDF>')
        assert.ok(text.includes(head!) && text.includes(tail!), 'its other metadata is as it was')
        assert.ok(text.includes(`<reprise:root>${record.manifest.results.root}</reprise:root>`))
      }
      for (const options of [
        ['--linearize', '--object-streams=generate'],
        ['--qdf', '--object-streams=disable'],
      ]) {
        const other = `${path}${options[0]}.pdf`
        execFileSync('qpdf', [...options, path, other])
        assert.equal(
          taken(other).records[0]?.root,
          record.manifest.results.root,
          `written anew by qpdf ${options[0]}`,
        )
        assert.equal(attachToPdf(other, [record]).changed, false)
      }
    })
})

test('should read what other programs attached, whatever they call it', (t) => {
  const { path, folder, lab } = paper(t)
  const apart = recordApart(lab, join(folder, 'apart'), 'epidemic')
  const capsule = join(folder, 'apart', `${apart.manifest.capsule.sha256}.mjs`)
  const files = [
    ['a/../../m', manifestPath('factorial')],
    ['ü.txt', join(folder, 'apart', 'manifest.json')],
    ['../evil.mjs', capsule],
  ] as const
  const words = files.flatMap(([name, file]) => [
    '--add-attachment',
    file,
    `--filename=${name}`,
    `--key=${name}`,
    '--',
  ])
  const added = join(folder, 'added.pdf')
  execFileSync('qpdf', [path, ...words, added])
  const { records } = taken(added)
  assert.deepEqual(
    new Set(records.map(({ file, beside }) => `${file}: ${beside.join()}`)),
    new Set([
      'a/../../m: manifest.json',
      `ü.txt: ${[`${apart.manifest.capsule.sha256}.mjs`, 'manifest.json'].join()}`,
    ]),
  )
})

test('should put what a rerun needs beside the manifest, and tell of what is not there', (t) => {
  const { path, folder, lab } = paper(t)
  const record = recordApart(lab, join(folder, 'apart'), 'factorial')
  const name = `${record.manifest.capsule.sha256}.mjs`
  const made = attached(path, [record])
  assert.deepEqual(
    made.records.map(({ beside, missing }) => [beside, missing]),
    [[[name], []]],
  )
  assert.deepEqual(taken(path).records[0]?.beside, [name, 'manifest.json'])
  checked(path)
  const without = { ...record, record: { ...record.record, folder: join(folder, 'nowhere') } }
  const other = join(folder, 'other.pdf')
  writeFileSync(other, pdfOf())
  assert.deepEqual(attached(other, [without]).records[0]?.missing, [{ name, why: 'it is not at hand' }])
})

describe('should not change', () => {
  const cases: Readonly<Record<string, readonly [() => Uint8Array, RegExp]>> = {
    'a signed paper': [() => signedPdf(), /is signed/],
    'a paper that says who may change it': [
      () => pdfOf({ ...PAGE, 1: '<< /Type /Catalog /Pages 2 0 R /Perms << /DocMDP 4 0 R >> >>', 4: '<< >>' }),
      /is signed/,
    ],
    'a paper whose form has signatures': [
      () => pdfOf({ ...PAGE, 1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [] >> >>' }),
      /is signed/,
    ],
    'a field that is signed, within a stream': [
      () => packedPdf(PAGE, { 4: '<< /FT /Sig /V 5 0 R >>', 5: '<< /Type /Sig >>' }),
      /is signed/,
    ],
    'an encrypted paper': [() => pdfOf(PAGE, '/Root 1 0 R /Encrypt << >>'), /is encrypted/],
    'a damaged paper': [
      () => Buffer.from(pdfOf().toString('latin1').replace('3 0 obj', '9 0 obj'), 'latin1'),
      /no sound PDF/,
    ],
    'a paper that was cut off': [() => pdfOf().subarray(0, 150), /no sound PDF/],
    'a text': [() => Buffer.from('hello'), /no sound PDF/],
    'metadata that nobody can add to': [
      () =>
        pdfOf({
          ...PAGE,
          1: '<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R >>',
          5: { dict: '/Type /Metadata', bytes: Buffer.from([0xfe, 0xff, 0, 60]) },
        }),
      /metadata/,
    ],
  }
  for (const [what, [make, message]] of Object.entries(cases))
    test(what, (t) => {
      const { path, record } = paper(t, make())
      const before = readFileSync(path)
      assert.throws(
        () => attached(path, [record]),
        (error) =>
          error instanceof RepriseError &&
          error.code === 'refused' &&
          message.test(error.message) &&
          error.remedy !== '',
      )
      assert.deepEqual(readFileSync(path), before)
    })
})

describe('should tell where the metadata and the manifests differ', () => {
  /** The paper with its metadata changed in place. */
  function forged(t: TestContext, change: (text: string) => string): ReturnType<typeof taken> {
    const { path, record } = paper(t)
    attached(path, [record])
    const text = readFileSync(path).toString('latin1')
    const other = change(text)
    assert.equal(other.length, text.length)
    writeFileSync(path, Buffer.from(other, 'latin1'))
    return taken(path)
  }
  const zeros = '0'.repeat(64)
  for (const field of ['root', 'experiment'])
    test(`the ${field}`, (t) => {
      const { records, problems } = forged(t, (text) =>
        text.replace(new RegExp(`(<reprise:${field}>)[0-9a-f]{64}`), `$1${zeros}`),
      )
      assert.deepEqual(problems, [])
      assert.deepEqual(
        records[0]?.problems.map(({ where, what }) => [where, what.includes(`says the ${field} "${zeros}"`)]),
        [['XMP metadata', true]],
      )
    })
  test('a record that is not attached', (t) => {
    const { problems } = forged(t, (text) =>
      text
        .replace(/(<reprise:file>)reprise-[0-9a-f]{12}/, '$1reprise-000000000000')
        .replace(/(<reprise:record>)[0-9a-f]{64}/, `$1${zeros}`),
    )
    assert.match(problems[0]!.what, /lists "reprise-000000000000.json", and no such record is attached/)
  })
})

describe('should take out of a hostile PDF nothing but records', () => {
  const manifest = () => readFileSync(manifestPath('factorial'))
  test('a manifest that is damaged stays to be told of', (t) => {
    const name = 'reprise-0123456789ab.json'
    const { path } = paper(t, pdfOf(withFiles({ [name]: { bytes: '{"format":"reprise/manifest/1"' } })))
    assert.deepEqual(
      taken(path).records.map(({ file, root }) => [file, root]),
      [[name, undefined]],
    )
  })
  test('a manifest that is a bomb is refused', (t) => {
    const packed = deflateSync(
      Buffer.concat([Buffer.from('{\n  "capsule": {\n    "bytes": 1'), Buffer.alloc(64 * 2 ** 20, 32)]),
    )
    const { path } = paper(t, pdfOf(withFiles({ x: { dict: '/Filter /FlateDecode', bytes: packed } })))
    assert.throws(() => taken(path), { code: 'not-intact', message: /would grow/ })
  })
  test('names are no paths, and what is named by a digest has it', (t) => {
    const lab = temporaryLab(t)
    const folder = temporaryFolder(t)
    const apart = recordApart(lab, folder, 'factorial')
    const name = `${apart.manifest.capsule.sha256}.mjs`
    const { path } = paper(
      t,
      pdfOf(
        withFiles({
          '../../m.json': { bytes: readFileSync(join(folder, 'manifest.json')) },
          [name]: { bytes: 'evil()' },
        }),
      ),
    )
    const [record] = taken(path).records
    assert.deepEqual(record?.beside, ['manifest.json'])
    assert.match(record!.problems[0]!.what, /not the one with this SHA-256/)
  })
  test('digests that are none name no file', (t) => {
    const bytes = changedManifest('factorial', ({ run }) => ({
      run: { ...run, code: { ...run.code, patch: { sha256: '../../../evil', bytes: 1 } } as typeof run.code },
    }))
    const { path } = paper(t, pdfOf(withFiles({ m: { bytes }, '../../../evil': { bytes: 'evil' } })))
    assert.deepEqual(taken(path).records[0]?.beside, ['manifest.json'])
  })
  test('the same manifest twice is one', (t) => {
    const { path } = paper(t, pdfOf(withFiles({ a: { bytes: manifest() }, b: { bytes: manifest() } })))
    assert.equal(taken(path).records.length, 1)
  })
  test('other files are no records', (t) => {
    const { path } = paper(t, pdfOf(withFiles({ 'data.csv': { bytes: 'a,b' } })))
    assert.throws(() => taken(path), { code: 'not-found' })
  })
})
