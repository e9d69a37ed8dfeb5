/** Unpacking: hostile ZIP files are refused before anything of them is there, soon, and leave nothing. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { isBundle, Unpacked } from '../../lab/unpack.ts'
import { RepriseError } from '../../lib/errors.ts'
import { type ZipPart, type ZipWhole, zipOf } from './zips.ts'

const home = mkdtempSync(join(tmpdir(), 'reprise-test-'))
const bundle = join(home, 'x.zip')
/** Where the folders of bundles go; nothing else may appear beside it. */
process.env.TMPDIR = join(home, 'tmp')
mkdirSync(process.env.TMPDIR)
after(() => rmSync(home, { recursive: true, force: true }))

const SOON_MS = 10_000 // a second on a machine that is not busy
const digest = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')
const MANIFEST: ZipPart = { name: 'manifest.json', content: '{}' }

async function unpacked(bytes: Uint8Array, use: (folder: string) => void, results = true): Promise<void> {
  writeFileSync(bundle, bytes)
  const unpacked = new Unpacked()
  try {
    await unpacked.fill(bundle, { results })
    use(unpacked.folder)
  } finally {
    unpacked.remove()
    assert.ok(!existsSync(unpacked.folder))
    assert.deepEqual(readdirSync(home).sort(), ['tmp', 'x.zip'])
    assert.deepEqual(readdirSync(join(home, 'tmp')), [])
  }
}

/** Demands that the archive is refused soon, and gives how many bytes came out before that. */
async function refused(bytes: Uint8Array, what: RegExp): Promise<void> {
  const start = performance.now()
  await assert.rejects(
    unpacked(bytes, () => {}),
    (error: unknown) => {
      assert.ok(error instanceof RepriseError, String(error))
      assert.equal(error.code, 'not-intact')
      assert.match(error.line, what)
      return true
    },
  )
  assert.ok(performance.now() - start < SOON_MS, 'it took too long')
}

test('should take out what belongs to a bundle, for its owner alone', async () => {
  const [leaves, code, input, object] = ['leaves', 'code', 'input', 'object']
  const parts: ZipPart[] = [
    MANIFEST,
    { name: 'README.txt', content: 'words '.repeat(100), deflate: true },
    { name: `${digest(leaves!)}.leaves`, content: leaves! },
    { name: `${digest(code!)}.mjs`, content: code!, deflate: true },
    { name: `inputs/${digest(input!)}`, content: input! },
    { name: `objects/${digest(object!)}`, content: object! },
    { name: 'chunks.jsonl', content: '{"chunk":0}\n' },
  ]
  const bytes = zipOf(parts)
  await unpacked(bytes, (folder) => {
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    for (const { name, content } of parts) {
      assert.equal(readFileSync(join(folder, name), 'utf8'), content)
      assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600)
    }
  })
  await unpacked(bytes, (folder) => assert.ok(!existsSync(join(folder, 'chunks.jsonl'))), false)
})

test('should know a bundle by how it begins', () => {
  const cases: [Uint8Array | string, boolean][] = [
    [zipOf([MANIFEST]), true],
    [zipOf([]), true],
    ['{"format":', false],
    ['PK', false],
    ['', false],
  ]
  for (const [bytes, expected] of cases) {
    writeFileSync(bundle, bytes)
    assert.equal(isBundle(bundle), expected)
  }
  assert.equal(isBundle(home), false)
  assert.equal(isBundle(join(home, 'nothing')), false)
})

describe('names', () => {
  const hex = digest('x')
  const names = ['../manifest.json', 'a/../manifest.json', '/etc/passwd', '/tmp/x', './manifest.json', 'MANIFEST.JSON', 'manifest.json/', 'inputs/',
    'inputs', `inputs/../../${hex}`, `inputs\\${hex}`, `..\\${hex}`, 'C:\\x', 'C:manifest.json', '\\\\host\\x', `inputs/${hex.toUpperCase()}`,
    `inputs/${hex}/x`, `${hex}.mjs.exe`, `${hex}.leaves\n`, `x${hex}.leaves`, 'manifest.json\0.txt', 'results.sqlite', '.git/config', '', ' ',
    'package.json', 'node_modules/x/index.js', `inputs/${hex.slice(1)}`, 'chunks.jsonl ', '\xff', 'con', 'manifest.json:stream',
  ] // biome-ignore format: a list
  for (const name of names)
    test(`should not include ${JSON.stringify(name)}`, () =>
      refused(zipOf([MANIFEST, { name, content: 'x' }]), /does not belong into a bundle/))
})

describe('a hostile archive', () => {
  const hex = digest('x')
  const input = `inputs/${hex}`
  const cases: [string, readonly ZipPart[], RegExp, ZipWhole?][] = [
    ['without a manifest', [{ name: input, content: 'x' }], /without a manifest\.json/],
    ['with nothing', [], /without a manifest\.json/],
    ['with a name twice', [MANIFEST, MANIFEST], /is there twice/],
    ['with a symbolic link', [MANIFEST, { name: input, content: '/etc/passwd', attributes: 0o120777 * 65_536 }], /no regular file/],
    ['with a folder by its mode', [MANIFEST, { name: input, attributes: 0o040755 * 65_536 }], /no regular file/],
    ['with a device', [MANIFEST, { name: input, attributes: 0o020666 * 65_536 }], /no regular file/],
    ['with a FIFO said to be made elsewhere', [MANIFEST, { name: input, madeBy: 0, attributes: 0o010666 * 65_536 }], /no regular file/],
    ['that is encrypted', [MANIFEST, { name: input, content: 'x', flags: 1 }], /encrypted|cannot be read/],
    ['with strong encryption', [MANIFEST, { name: input, content: 'x', flags: 0x41 }], /encrypt/],
    ['with a masked directory', [MANIFEST, { name: input, content: 'x', flags: 0x2000 }], /encrypted/],
    ['with an unknown compression', [MANIFEST, { name: input, content: 'x', method: 14 }], /compressed by method 14/],
    ['with another content than its name says', [MANIFEST, { name: input, content: 'y' }], /not the file with this SHA-256/],
    ['with another checksum', [MANIFEST, { name: input, content: 'x', crc: 5 }], /damaged/],
    ['with a local header of another name', [MANIFEST, { name: input, content: 'x', local: { name: 'README.txt' } }], /local header/],
    ['with a local header of another size', [MANIFEST, { name: input, content: 'x', local: { size: 9 } }], /local header/],
    ['with a local header of another length', [MANIFEST, { name: input, content: 'x', local: { compressed: 9 } }], /local header/],
    ['with a local header of another method', [MANIFEST, { name: input, content: 'x', local: { method: 8 } }], /local header/],
    ['with a local header of other flags', [MANIFEST, { name: input, content: 'x', local: { flags: 8 } }], /local header/],
    ['with a local header of another checksum', [MANIFEST, { name: input, content: 'x', local: { crc: 9 } }], /local header/],
    ['whose files are one and the same', [MANIFEST, { name: 'README.txt', content: '{}', local: { name: 'manifest.json' }, offset: 0 }], /local header|overlap/],
    ['whose file begins in another', [{ ...MANIFEST, content: 'x'.repeat(100) }, { name: input, content: 'x', offset: 20 }], /cannot be read|overlap/],
    ['whose file begins beyond its end', [MANIFEST, { name: input, content: 'x', offset: 10_000 }], /cannot be read/],
    ['whose file ends beyond its end', [MANIFEST, { name: input, content: 'x', compressed: 10_000, size: 10_000 }], /cannot be read/],
    ['whose stored file has two sizes', [MANIFEST, { name: input, content: 'x', size: 2 }], /cannot be read/],
    ['with more than was declared', [MANIFEST, { name: 'README.txt', content: 'x'.repeat(9_000), deflate: true, size: 10 }], /cannot be read|local header/],
    ['with less than was declared', [MANIFEST, { name: 'README.txt', content: 'x'.repeat(900), deflate: true, size: 1_000 }], /cannot be read/],
    ['with no deflated data at all', [MANIFEST, { name: 'README.txt', raw: Buffer.from('\xff\xff\xff', 'latin1'), method: 8, size: 9 }], /cannot be read/],
    ['with a comment', [MANIFEST], /comment/, { comment: 'hello' }],
    ['that claims more files than it has', [MANIFEST], /cannot be read/, { entries: 5 }],
    ['that claims a million files', [MANIFEST], /claims to hold 1000000000 files/, { zip64: { record: -1n, entries: 1_000_000_000n } }],
    ['whose directory is nowhere', [MANIFEST], /cannot be read/, { directory: 0xffff_fff0 }],
    ['whose directory is beyond 2^63', [MANIFEST], /cannot be read/, { zip64: { record: -1n, directory: 2n ** 63n + 5n } }],
    ['whose directory of the directory is beyond 2^63', [MANIFEST], /cannot be read/, { zip64: { record: 2n ** 64n - 1n } }],
    ['with a manifest of a gigabyte', [{ name: 'manifest.json', content: 'x', method: 8, size: 2 ** 30 }], /claims 1073741824 bytes/],
    ['with a README of a gigabyte', [MANIFEST, { name: 'README.txt', content: 'x', method: 8, size: 2 ** 30 }], /claims 1073741824 bytes/],
  ] // biome-ignore format: a table
  for (const [how, parts, what, whole] of cases)
    test(`should be refused: one ${how}`, () => refused(zipOf(parts, whole), what))

  test('should be refused: one with a file of 2^63 bytes', () => {
    const extra = Buffer.alloc(20)
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(16, 2)
    extra.writeBigUInt64LE(2n ** 63n, 4)
    extra.writeBigUInt64LE(2n ** 63n, 12)
    const large = { name: 'chunks.jsonl', size: 0xffff_ffff, compressed: 0xffff_ffff, extra }
    return refused(zipOf([MANIFEST, large]), /./)
  })

  test('should be refused: one whose file is a part of another', () => {
    const inner = zipOf([{ name: input, content: 'x' }]).subarray(0, 30 + input.length + 1)
    const outer = { name: 'README.txt', content: inner }
    return refused(zipOf([outer, { name: input, content: 'x', offset: 40 }, MANIFEST]), /overlap/)
  })

  test('should be refused: one that is cut anywhere', async () => {
    const whole = zipOf([MANIFEST, { name: input, content: 'x' }])
    for (let length = 4; length < whole.length; length += 7) await refused(whole.subarray(0, length), /./)
  })

  test('should never get through with another content, whichever byte is changed', async () => {
    const content = 'some words that are here twice: some words'
    const parts: ZipPart[] = [MANIFEST, { name: `objects/${digest(content)}`, content, deflate: true }]
    const whole = zipOf(parts)
    for (let i = 0; i < whole.length; i++)
      for (const mask of [1, 0x80, 0xff]) {
        const changed = Buffer.from(whole)
        changed[i]! ^= mask
        try {
          await unpacked(changed, (folder) => {
            for (const part of parts)
              assert.equal(readFileSync(join(folder, part.name), 'utf8'), part.content, `byte ${i}`)
          })
        } catch (error) {
          assert.ok(
            error instanceof RepriseError && error.code === 'not-intact',
            `byte ${i}: ${String(error)}`,
          )
        }
      }
  })
})

describe('a bomb', () => {
  const zeros = deflateRawSync(Buffer.alloc(64 * 2 ** 20))

  test('should be refused by what it declares, before anything comes out', async () => {
    const part = { name: 'chunks.jsonl', raw: zeros, method: 8, size: 64 * 2 ** 20, crc: 0 }
    await refused(zipOf([MANIFEST, part]), /would grow to 67108864 bytes/)
  })

  test('should be refused when it declares little and gives much', async () => {
    const part = { name: 'chunks.jsonl', raw: zeros, method: 8, size: 1_000, crc: 0 }
    await refused(zipOf([MANIFEST, part]), /cannot be read \(too many bytes/)
  })

  test('should be refused when many small ones use the same bytes', async () => {
    const raw = deflateRawSync(Buffer.alloc(10 * 2 ** 20))
    const common = { raw, method: 8, size: 10 * 2 ** 20, crc: 0 }
    const parts = Array.from({ length: 30 }, (_, i) => ({ name: `inputs/${digest(String(i))}`, ...common }))
    await refused(zipOf([MANIFEST, ...parts]), /would grow/)
    const same = parts.map((part) => ({ ...part, offset: 0 }))
    await refused(zipOf([...same, MANIFEST]), /would grow/)
  })

  test('should be refused with more files than a bundle has', async () => {
    const parts = Array.from({ length: 20_001 }, (_, i) => ({
      name: `inputs/${digest(String(i))}`,
      content: String(i),
    }))
    await refused(zipOf([MANIFEST, ...parts]), /claims to hold 20002 files/)
  })
})
