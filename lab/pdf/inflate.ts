/** The content of a stream: as it stands, or deflated; its length is held while it comes out, so that a bomb is refused early. */
import { constants, inflateSync } from 'node:zlib'
import { RepriseError } from '../../lib/errors.ts'
import { type Dict, isArray, isDict, Name, type PdfObject, type Stream } from './objects.ts'
import { damaged } from './scanner.ts'

/** What is small may be as dense as it likes; what is larger does not grow more than so many times. */
const SMALL = 16 * 2 ** 20
const MAX_GROWTH = 100
/** Bytes of a stream that tell how it begins: so many of them, or where they grow as no text does, fewer; and what they may grow to. */
const [FIRST, FEWER, MOST_BEGINNING] = [1024, 64, 72 * 2 ** 10]

type Resolve = (object: PdfObject | undefined) => PdfObject

/** The content of a stream. Throws `not-intact` where it is longer than `most` bytes, or was made in a way that is not read. */
export function contentOf(stream: Stream, most: number, resolve: Resolve): Uint8Array {
  const { dict, raw } = stream
  const filter = only(resolve(dict.get('Filter')), resolve)
  if (dict.has('F')) throw damaged('what should be in it is in another file')
  if (filter === null) {
    if (raw.length > most) throw tooLong(most)
    return raw
  }
  if (!(filter instanceof Name && (filter.text === 'FlateDecode' || filter.text === 'Fl')))
    throw damaged('what should be read is compressed in a way that is not read (only FlateDecode is)')
  const limit = Math.min(most, Math.max(SMALL, raw.length * MAX_GROWTH))
  const parameters = only(resolve(dict.get('DecodeParms')), resolve)
  return unpredicted(inflated(raw, limit), isDict(parameters) ? parameters : new Map(), resolve)
}

/** How a stream begins, as far as its first bytes tell; empty where that cannot be read. */
export function beginningOf({ dict, raw }: Stream, resolve: Resolve): Uint8Array {
  const first = raw.subarray(0, FIRST)
  if (resolve(dict.get('Filter')) === null) return first
  return begun(first) ?? begun(raw.subarray(0, FEWER)) ?? new Uint8Array()
}

function begun(first: Uint8Array): Uint8Array | null {
  try {
    return inflateSync(first, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_BEGINNING })
  } catch {
    return null
  }
}

function inflated(raw: Uint8Array, most: number): Uint8Array {
  try {
    return inflateSync(raw, { maxOutputLength: most })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLong(most)
    throw damaged(`a stream cannot be inflated (${(error as Error).message})`)
  }
}

/** The only item of a list, or what is no list. */
function only(object: PdfObject, resolve: Resolve): PdfObject {
  if (!isArray(object)) return object
  if (object.length > 1) throw damaged('what should be read is compressed more than once')
  return resolve(object[0])
}

/** Undoes the prediction of PNG (ISO 32000-2, 7.4.4.4), which lists of objects are written with. */
function unpredicted(bytes: Uint8Array, parameters: Dict, resolve: Resolve): Uint8Array {
  const number = (key: string, otherwise: number) => {
    const value = resolve(parameters.get(key))
    return typeof value === 'number' ? value : otherwise
  }
  const predictor = number('Predictor', 1)
  if (predictor === 1) return bytes
  const columns = number('Columns', 1)
  const plain = number('Colors', 1) === 1 && number('BitsPerComponent', 8) === 8
  if (predictor < 10 || !plain || !(Number.isInteger(columns) && columns > 0 && columns < 65_536))
    throw damaged('a stream is predicted in a way that is not read')
  const rows = Math.ceil(bytes.length / (columns + 1))
  const out = new Uint8Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const kind = bytes[row * (columns + 1)]!
    if (kind > 4) throw damaged('a stream is predicted in an unknown way')
    for (let i = 0; i < columns; i++) {
      const at = row * columns + i
      const left = i === 0 ? 0 : out[at - 1]!
      const up = row === 0 ? 0 : out[at - columns]!
      const corner = i === 0 || row === 0 ? 0 : out[at - columns - 1]!
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind]!
      out[at] = (bytes[row * (columns + 1) + 1 + i] ?? 0) + guess
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

function tooLong(most: number): RepriseError {
  return new RepriseError('not-intact', `would grow to more than ${most} bytes`, {
    subject: 'PDF',
    remedy: 'This is no record; get the paper again from its source',
  })
}
