/** The header of a frame: JSON on one line, which names a type, and the length, checksum and key of its frame. */

const MAX_PAYLOAD = 2 ** 30

interface Header {
  readonly message: object
  readonly bytes: number
  readonly leaf: string
  readonly key: string
}

export function parseHeader(bytes: Buffer): Header | null {
  let header: unknown
  try {
    header = JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
  if (typeof header !== 'object' || header === null || !('type' in header)) return null
  const { bytes: length = 0, leaf = '', key = '' } = header as Record<string, unknown>
  if (!Number.isInteger(length) || (length as number) < 0 || (length as number) > MAX_PAYLOAD) return null
  if (typeof leaf !== 'string' || typeof key !== 'string') return null
  return { message: header, bytes: length as number, leaf, key }
}
