/**
 * A browser's realm, made to tell dates and texts as an engine in Node does: in UTC and in the words of en-US (runners/local.ts
 * gives engines TZ=UTC and LC_ALL=C). Nothing else in a browser sets either, and they are those of whoever reads the page.
 */

/** What is changed of a realm. */
export interface Realm {
  Date: DateConstructor
  readonly Intl: typeof Intl
  readonly Array: ArrayConstructor
  readonly BigInt: BigIntConstructor
  readonly Number: NumberConstructor
  readonly String: StringConstructor
}

type Loose = Record<PropertyKey, unknown>
type Call = (...words: unknown[]) => unknown

const LOCALE = 'en-US'
const PARTS = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds']
/** A date and a time without a zone: as ISO writes it, and the zones that other texts may name. */
const ISO_LOCAL = /^(?:[+-]\d{6}|\d{4})(?:-\d\d){0,2}T[\d:.,]+$/
const ZONED = /\b(?:UTC?|GMT|Z|[ECMP][SD]T)\b|\dZ|:\d\d.*[+-]\d\d?:?\d\d/i
const ISO_DAY = /^(?:[+-]\d{6}|\d{4})(?:-\d\d){0,2}$/

/** Changes the realm, before any code that is to meet it is loaded. */
export function tellAsNode(realm: Realm): void {
  const { prototype } = realm.Date
  inEnglish(realm, prototype)
  realm.Date = inUtc(realm.Date)
}

/** Dates whose local time is UTC. */
function inUtc(Native: DateConstructor): DateConstructor {
  const prototype = Native.prototype as unknown as Loose
  for (const part of PARTS) {
    put(prototype, `get${part}`, prototype[`getUTC${part}`] as Call)
    if (part !== 'Day') put(prototype, `set${part}`, prototype[`setUTC${part}`] as Call)
  }
  method(prototype, 'getYear', (date) => date.getUTCFullYear() - 1900)
  method(prototype, 'getTimezoneOffset', (date) => date.getTime() * 0)
  method(prototype, 'setYear', (date, year) =>
    date.setUTCFullYear(
      Number(year) >= 0 && Number(year) <= 99 ? 1900 + Math.trunc(Number(year)) : Number(year),
    ),
  )
  method(prototype, 'toString', (date) => words(date, (day, time) => `${day} ${time}`))
  method(prototype, 'toDateString', (date) => words(date, (day) => day))
  method(prototype, 'toTimeString', (date) => words(date, (_, time) => time))
  const native = Native.parse
  const parse = (text: unknown) => parseInUtc(native, String(text))
  put(Native as unknown as Loose, 'parse', parse)
  const Dates = new Proxy(Native, {
    apply: () => new Native().toString(),
    construct: (_, given: readonly unknown[], target) =>
      Reflect.construct(Native, timeOf(Native, parse, given), target),
  })
  put(prototype, 'constructor', Dates)
  return Dates
}

/** What `new Date` is given, as one instant where it would have been read as local time. */
function timeOf(
  Native: DateConstructor,
  parse: (text: string) => number,
  given: readonly unknown[],
): unknown[] {
  if (given.length > 1) return [Native.UTC(...(given as [number, number]))]
  const [only] = given
  if (given.length === 0 || typeof only === 'number' || only instanceof Native) return [...given]
  const value = primitive(only)
  return [typeof value === 'string' ? parse(value) : value]
}

function primitive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const convert = (value as Loose)[Symbol.toPrimitive] as Call | undefined
  if (convert != null) return convert.call(value, 'default')
  const own = value.valueOf()
  return typeof own === 'object' ? String(value) : own
}

function parseInUtc(parse: (text: string) => number, text: string): number {
  if (ISO_LOCAL.test(text)) return parse(`${text}Z`)
  return ISO_DAY.test(text) || ZONED.test(text) ? parse(text) : parse(`${text} UTC`)
}

/** `Thu Jan 01 1970` and `00:00:00 GMT+0000 (Coordinated Universal Time)`, out of `Thu, 01 Jan 1970 00:00:00 GMT`. */
function words(date: Date, put: (day: string, time: string) => string): string {
  const found = /^(\w+), (\d+) (\w+) (\S+) (\S+) GMT$/.exec(date.toUTCString())
  if (found === null) return 'Invalid Date'
  const [, weekday, day, month, year, time] = found
  return put(`${weekday} ${month} ${day} ${year}`, `${time} GMT+0000 (Coordinated Universal Time)`)
}

/** Formats whose language and zone are Node's unless others are asked for. */
function inEnglish(realm: Realm, dates: Date): void {
  const formats = realm.Intl as unknown as Loose
  for (const name of Reflect.ownKeys(formats)) {
    const Format = formats[name]
    if (typeof Format !== 'function' || !('supportedLocalesOf' in Format)) continue
    const given = (list: readonly unknown[]) => asked(list, name === 'DateTimeFormat')
    const English = new Proxy(Format, {
      apply: (target, self, list) => Reflect.apply(target as unknown as Call, self, given(list)),
      construct: (target, list, made) => Reflect.construct(target as never, given(list), made) as object,
    })
    put(formats, name, English)
    put(Format.prototype as Loose, 'constructor', English)
  }
  const told = (owner: object, names: readonly string[], before: number, zoned = false) => {
    for (const name of names) {
      const native = (owner as Loose)[name] as Call
      method(owner as Loose, name, (self, ...list) =>
        native.call(self, ...list.slice(0, before), ...asked(list.slice(before), zoned)),
      )
    }
  }
  told(dates, ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'], 0, true)
  for (const { prototype } of [realm.Array, realm.BigInt, realm.Number])
    told(prototype, ['toLocaleString'], 0)
  told(realm.String.prototype, ['toLocaleLowerCase', 'toLocaleUpperCase'], 0)
  told(realm.String.prototype, ['localeCompare'], 1)
}

/** A format's locale and options: Node's where none is given. */
function asked([locale, options, ...more]: readonly unknown[], zoned: boolean): unknown[] {
  const chosen = options as { timeZone?: unknown } | null | undefined
  const inZone = zoned && chosen !== null && chosen?.timeZone === undefined
  return [locale ?? LOCALE, inZone ? withUtc(chosen) : options, ...more]
}

/** The options may be of a class: they are asked first for all but the zone. */
function withUtc(options: object | undefined): object {
  return Object.create(options ?? {}, { timeZone: { value: 'UTC', enumerable: true } }) as object
}

function method(owner: Loose, name: string, does: (self: Date, ...words: unknown[]) => unknown): void {
  put(owner, name, function (this: Date, ...words: unknown[]) {
    return does(this, ...words)
  } as Call)
}

function put(owner: Loose, name: PropertyKey, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false })
}
