/**
 * What a PDF file is made of (ISO 32000-2, 7.3), and how it is written. Reading and appending are our own and not a library's:
 * a paper comes from anybody, and those that we know inflate whatever it says, and write the whole file anew.
 */

/** A name such as /Type: one char a byte, without its slash. */
export class Name {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A reference to an object by its number. */
export class Ref {
  readonly number: number
  readonly generation: number
  constructor(number: number, generation: number) {
    this.number = number
    this.generation = generation
  }
}

export type Dict = ReadonlyMap<string, PdfObject>

/** A dictionary with bytes behind it, as they are in the file. */
export class Stream {
  readonly dict: Dict
  readonly raw: Uint8Array
  constructor(dict: Dict, raw: Uint8Array) {
    this.dict = dict
    this.raw = raw
  }
}

/** A string is its bytes. */
export type PdfObject =
  | null
  | boolean
  | number
  | Name
  | Uint8Array
  | Ref
  | readonly PdfObject[]
  | Dict
  | Stream

export function isDict(object: PdfObject | undefined): object is Dict {
  return object instanceof Map
}

export function isArray(object: PdfObject | undefined): object is readonly PdfObject[] {
  return Array.isArray(object)
}

/** Whether it is the name with this text. */
export function isName(object: PdfObject | undefined, text: string): boolean {
  return object instanceof Name && object.text === text
}

/** A dictionary with these keys. */
export function dictOf(entries: Readonly<Record<string, PdfObject>>): Dict {
  return new Map(Object.entries(entries))
}

/** An object as it is written; of a stream, its dictionary alone. */
export function pdfText(object: PdfObject): string {
  if (object === null) return 'null'
  if (typeof object === 'boolean') return String(object)
  if (typeof object === 'number') return numberText(object)
  if (object instanceof Name) return nameText(object.text)
  if (object instanceof Uint8Array) return stringText(Buffer.from(object))
  if (object instanceof Ref) return `${object.number} ${object.generation} R`
  if (object instanceof Stream) return pdfText(object.dict)
  if (isArray(object)) return `[${object.map(pdfText).join(' ')}]`
  const entries = [...(object as Dict)].map(([key, value]) => `${nameText(key)} ${pdfText(value)}`)
  return `<< ${entries.join(' ')} >>`
}

/** Printable characters as such, all else in hexadecimal. */
function stringText(bytes: Buffer): string {
  const text = bytes.toString('latin1')
  return /^[ -~]*$/.test(text) ? `(${text.replace(/[\\()]/g, '\\$&')})` : `<${bytes.toString('hex')}>`
}

/** PDF knows no exponents. */
function numberText(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString()
  return value.toFixed(10).replace(/0+$/, '')
}

function nameText(text: string): string {
  const escaped = text.replace(
    /[^!-~]|[#%()/<>[\]{}]/g,
    (char) => `#${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return `/${escaped}`
}
