/**
 * Values: what a result may be, and how it becomes JSON without losing a bit (FORMAT.md §3).
 *
 * A value is JSON, plus NaN, ±Infinity, -0, bigint and typed arrays. These travel as tagged objects with exactly
 * one key that begins with `$`; user keys beginning with `$` are refused, so that tag and data can never be
 * mistaken for one another. Everything else is refused with the path to it: nothing is dropped or rounded silently.
 */
import { fromBase64, toBase64 } from './base64.ts'
import { RepriseError } from './errors.ts'

/** Numbers in a row, kept exactly as they are. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

/** What a result may be: JSON, and also NaN, ±Infinity, -0, bigints and typed arrays. Anything else is refused with the path to it. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | TypedArray
  | readonly Value[]
  | { readonly [key: string]: Value }

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Keys that mean something to JavaScript: the first sets a prototype, the second makes JSON write another object. */
const REFUSED_KEYS = ['__proto__', 'toJSON']

/** Deeper nesting than this is refused, on the way in and on the way out. */
export const MAX_DEPTH = 500

const ARRAYS = {
  $int8: Int8Array,
  $uint8: Uint8Array,
  $uint8clamped: Uint8ClampedArray,
  $int16: Int16Array,
  $uint16: Uint16Array,
  $int32: Int32Array,
  $uint32: Uint32Array,
  $float32: Float32Array,
  $float64: Float64Array,
  $bigint64: BigInt64Array,
  $biguint64: BigUint64Array,
} as const

type ArrayTag = keyof typeof ARRAYS
const TAG_OF = new Map(Object.entries(ARRAYS).map(([tag, type]) => [type.name, tag as ArrayTag]))
const SPECIAL = new Map<string, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
])

/** The JSON form of a value. Throws `invalid-result` naming the path, such as `result.runs[3].graph is a Map`. */
export function encode(value: unknown, path = 'value'): Json {
  return encodeAt(value, path, [])
}

function encodeAt(value: unknown, path: string, ancestors: object[]): Json {
  switch (typeof value) {
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return value
      return { $number: Object.is(value, -0) ? '-0' : String(value) }
    case 'string':
      if (!value.isWellFormed()) {
        throw refuse(path, 'is a string with a lone surrogate', 'Use toWellFormed() or encode it')
      }
      return value
    case 'boolean':
      return value
    case 'bigint':
      return { $bigint: value.toString() }
    case 'object':
      if (value === null) return null
      return encodeObject(value, path, ancestors)
    default:
      throw refuse(path, `is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}`)
  }
}

function encodeObject(value: object, path: string, ancestors: object[]): Json {
  if (ArrayBuffer.isView(value)) return encodeTyped(value, path)
  if (ancestors.includes(value)) throw refuse(path, 'refers back to an object it is in (a cycle)')
  if (ancestors.length >= MAX_DEPTH) throw refuse(path, `is nested deeper than ${MAX_DEPTH}`)
  const isArray = isPlainArray(value)
  if (!isArray && !isPlain(value)) throw refuse(path, `is a ${value.constructor?.name || 'class instance'}`)
  ancestors.push(value)
  const json = isArray ? encodeArray(value, path, ancestors) : encodeRecord(value, path, ancestors)
  ancestors.pop()
  return json
}

/** Made by `[]` (of any realm): Array.prototype is itself an array, a subclass's prototype is not. */
function isPlainArray(value: object): value is readonly unknown[] {
  return Array.isArray(value) && Array.isArray(Object.getPrototypeOf(value))
}

/** Made by `{}` (of any realm) or `Object.create(null)`. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  if (prototype === null) return true
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
}

function encodeArray(items: readonly unknown[], path: string, ancestors: object[]): Json {
  const json = new Array<Json>(items.length)
  for (let i = 0; i < items.length; i++) {
    const item = items[i]
    if (typeof item === 'number' && Number.isFinite(item) && !Object.is(item, -0)) json[i] = item
    else if (item === undefined && !(i in items)) throw refuse(`${path}[${i}]`, 'is a hole in a sparse array')
    else json[i] = encodeAt(item, `${path}[${i}]`, ancestors)
  }
  if (Object.keys(items).length !== items.length) {
    throw refuse(path, 'is an array with named properties', 'Return a plain array or a plain object')
  }
  return json
}

function encodeRecord(value: object, path: string, ancestors: object[]): Json {
  if (Object.getOwnPropertySymbols(value).length > 0) throw refuse(path, 'has a symbol as a key')
  const json: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value)) {
    const at = /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
    if (key.startsWith('$')) throw refuse(at, 'has a key that begins with $', 'Rename the key')
    if (REFUSED_KEYS.includes(key)) throw refuse(at, `has the key ${key}`, 'Rename the key')
    if (!key.isWellFormed()) throw refuse(at, 'has a key with a lone surrogate', 'Rename the key')
    json[key] = encodeAt(item, at, ancestors)
  }
  return json
}

/** The array's elements, little-endian, every NaN as the one canonical NaN. */
function encodeTyped(view: ArrayBufferView, path: string): Json {
  const name = (view as Partial<{ [Symbol.toStringTag]: string }>)[Symbol.toStringTag] ?? ''
  const tag = TAG_OF.get(name)
  if (tag === undefined) throw refuse(path, `is a ${name || 'DataView'}`)
  const array = view as TypedArray
  const bytes = new Uint8Array(array.byteLength)
  bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  if (tag === '$float32' || tag === '$float64') {
    const copy = tag === '$float32' ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer)
    const words = new DataView(bytes.buffer)
    for (let i = 0; i < copy.length; i++) {
      if (!Number.isNaN(copy[i])) continue
      if (tag === '$float32') words.setUint32(4 * i, 0x7fc0_0000, LITTLE_ENDIAN)
      else words.setBigUint64(8 * i, 0x7ff8_0000_0000_0000n, LITTLE_ENDIAN)
    }
  }
  return { [tag]: toBase64(toLittleEndian(bytes, array.BYTES_PER_ELEMENT)) }
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

function toLittleEndian(bytes: Uint8Array, width: number): Uint8Array {
  if (!LITTLE_ENDIAN && width > 1) {
    for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse()
  }
  return bytes
}

function refuse(path: string, what: string, remedy?: string): RepriseError {
  return new RepriseError('invalid-result', `${path} ${what}`, {
    remedy:
      remedy ??
      'Return JSON values, bigints or typed arrays (null for nothing, arrays or plain objects for collections)',
  })
}

/** The value of a JSON form made by `encode`; any tag that `encode` would not have written is refused. */
export function decode(json: unknown): Value {
  return decodeAt(json, 0)
}

function decodeAt(json: unknown, depth: number): Value {
  if (json === null || typeof json === 'boolean') return json
  if (typeof json === 'string') {
    if (!json.isWellFormed()) throw corrupt('a string with a lone surrogate')
    return json
  }
  if (typeof json === 'number') {
    if (!Number.isFinite(json) || Object.is(json, -0)) throw corrupt(`the number ${json}`)
    return json
  }
  if (typeof json !== 'object') throw corrupt(`a ${typeof json}`)
  const entries = Array.isArray(json) ? [] : Object.entries(json)
  if (entries.some(([key]) => key.startsWith('$'))) return decodeTagged(entries)
  if (depth >= MAX_DEPTH) throw corrupt(`nested deeper than ${MAX_DEPTH}`)
  if (Array.isArray(json)) return json.map((item) => decodeAt(item, depth + 1))
  const value: Record<string, Value> = {}
  for (const [key, item] of entries) {
    if (REFUSED_KEYS.includes(key)) throw corrupt(`the key ${key}`)
    if (!key.isWellFormed()) throw corrupt('a key with a lone surrogate')
    value[key] = decodeAt(item, depth + 1)
  }
  return value
}

function decodeTagged(entries: [string, unknown][]): Value {
  const [tag, text] = entries[0]!
  if (entries.length !== 1 || typeof text !== 'string') throw corrupt(`a malformed tag ${tag}`)
  if (tag === '$number') {
    const special = SPECIAL.get(text)
    if (special === undefined) throw corrupt(`the special number ${text.slice(0, 40)}`)
    return special
  }
  if (tag === '$bigint') {
    if (!/^(0|-?[1-9]\d*)$/.test(text)) throw corrupt('a bigint that is not in canonical form')
    return BigInt(text)
  }
  const type = Object.hasOwn(ARRAYS, tag) ? ARRAYS[tag as ArrayTag] : undefined
  if (type === undefined) throw corrupt(`the unknown tag ${tag.slice(0, 40)}`)
  const bytes = fromBase64(text)
  if (bytes.length % type.BYTES_PER_ELEMENT !== 0) throw corrupt(`a ${tag} that ends inside an element`)
  const array = new type(toLittleEndian(bytes, type.BYTES_PER_ELEMENT).buffer as ArrayBuffer) as TypedArray
  if (tag.startsWith('$float') && (encodeTyped(array, '') as Record<string, string>)[tag] !== text) {
    throw corrupt('a NaN that is not the canonical one')
  }
  return array
}

function corrupt(what: string): RepriseError {
  return new RepriseError('not-intact', `not a recorded value: ${what}`)
}
