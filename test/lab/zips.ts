/** ZIP files made byte by byte, honest or not: every field can be another than it should be. */
import { crc32, deflateRawSync } from 'node:zlib'

/** A file in a ZIP file; whatever is given replaces what would be right. */
export interface ZipPart {
  readonly name: string
  readonly content?: string | Uint8Array
  readonly deflate?: boolean
  /** Bytes as they lie in the file, where they are to be others than the content's. */
  readonly raw?: Uint8Array
  readonly method?: number
  readonly flags?: number
  readonly size?: number
  readonly compressed?: number
  readonly crc?: number
  /** Of the host system and its file type. */
  readonly madeBy?: number
  readonly attributes?: number
  /** Extra fields in the directory. */
  readonly extra?: Uint8Array
  /** Where the directory says that the file begins. */
  readonly offset?: number
  /** What the local header says otherwise. */
  readonly local?: {
    readonly name?: string
    readonly method?: number
    readonly flags?: number
    readonly size?: number
    readonly compressed?: number
    readonly crc?: number
  }
}

export interface ZipWhole {
  readonly before?: Uint8Array
  readonly comment?: string
  readonly entries?: number
  readonly directory?: number
  /** A directory that points elsewhere by 64 bits. */
  readonly zip64?: { readonly record: bigint; readonly directory?: bigint; readonly entries?: bigint }
}

const REGULAR = 0o100644 * 65_536

/** The bytes of a ZIP file. */
export function zipOf(parts: readonly ZipPart[], whole: ZipWhole = {}): Buffer {
  const pieces: Uint8Array[] = [whole.before ?? Buffer.alloc(0)]
  const directory: Buffer[] = []
  let at = pieces[0]!.length
  for (const part of parts) {
    const content = Buffer.from(part.content ?? '')
    const raw = Buffer.from(part.raw ?? (part.deflate === true ? deflateRawSync(content) : content))
    const method = part.method ?? (part.deflate === true ? 8 : 0)
    const common = {
      flags: part.flags ?? 0,
      method,
      crc: part.crc ?? crc32(content),
      compressed: part.compressed ?? raw.length,
      size: part.size ?? content.length,
      name: part.name,
    }
    const header = localHeader({ ...common, ...part.local })
    directory.push(directoryHeader({ ...common, ...fields(part), offset: part.offset ?? at }))
    pieces.push(header, raw)
    at += header.length + raw.length
  }
  const bytes = Buffer.concat(directory)
  return Buffer.concat([...pieces, bytes, ...ending(parts.length, bytes.length, at, whole)])
}

const fields = ({ madeBy = 3, attributes = REGULAR, extra = Buffer.alloc(0) }: ZipPart) => ({
  madeBy,
  attributes,
  extra,
})

interface Common {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly compressed: number
  readonly size: number
}

function localHeader({ name, flags, method, crc, compressed, size }: Common): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(method, 8)
  header.writeUInt32LE(0x0021_0000, 10)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(compressed, 18)
  header.writeUInt32LE(size, 22)
  header.writeUInt16LE(Buffer.byteLength(name, 'latin1'), 26)
  return Buffer.concat([header, Buffer.from(name, 'latin1')])
}

function directoryHeader(
  entry: Common & { madeBy: number; attributes: number; extra: Uint8Array; offset: number },
): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(entry.madeBy * 256 + 63, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(entry.flags, 8)
  header.writeUInt16LE(entry.method, 10)
  header.writeUInt32LE(0x0021_0000, 12)
  header.writeUInt32LE(entry.crc, 16)
  header.writeUInt32LE(entry.compressed, 20)
  header.writeUInt32LE(entry.size, 24)
  header.writeUInt16LE(Buffer.byteLength(entry.name, 'latin1'), 28)
  header.writeUInt16LE(entry.extra.length, 30)
  header.writeUInt32LE(entry.attributes, 38)
  header.writeUInt32LE(entry.offset, 42)
  return Buffer.concat([header, Buffer.from(entry.name, 'latin1'), entry.extra])
}

function ending(count: number, size: number, offset: number, whole: ZipWhole): Buffer[] {
  const comment = Buffer.from(whole.comment ?? '')
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(whole.entries ?? count, 8)
  end.writeUInt16LE(whole.entries ?? count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(whole.directory ?? offset, 16)
  end.writeUInt16LE(comment.length, 20)
  if (whole.zip64 === undefined) return [end, comment]
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(whole.zip64.entries ?? BigInt(count), 24)
  record.writeBigUInt64LE(whole.zip64.entries ?? BigInt(count), 32)
  record.writeBigUInt64LE(BigInt(size), 40)
  record.writeBigUInt64LE(whole.zip64.directory ?? BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(whole.zip64.record < 0n ? BigInt(offset + size) : whole.zip64.record, 8)
  locator.writeUInt32LE(1, 16)
  return [record, locator, end, comment]
}
