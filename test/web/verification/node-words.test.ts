/** Dates and texts of a realm with another zone and language are those of an engine: the same program in two processes gives the same lines. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../../../lab/installed.ts'

const MODULE = pathToFileURL(join(ROOT, 'dist/web/verification/node-words.js')).href

/** Over instants around shifts of the clock, ends of years and the ends of time; texts with and without zones. */
const PROGRAM = `
const times = [0, -1, 1e12, 1710054000000 + 3.6e6, 1730613600000, 1604210400000, -62198755200000, -1e14, 8.64e15, -8.64e15, NaN]
const getters = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'].map((part) => 'get' + part)
const tell = (...words) => console.log(words.map(String).join(' | '))
for (const time of times) {
  const date = new Date(time)
  tell(...getters.map((name) => date[name]()), date.getYear(), date.getTimezoneOffset())
  tell(date, date.toDateString(), date.toTimeString(), date.toLocaleString(), date.toLocaleDateString(), date.toLocaleTimeString())
  tell(date.toLocaleString('de', { timeZoneName: 'short', hour: 'numeric' }), date.toLocaleString(undefined, { timeZone: 'Asia/Tokyo' }))
  const again = new Date(time)
  tell(again.setHours(3, 4), again.setMonth(14), again.setDate(0), again.setFullYear(2020, 2, 8), again.setYear(99))
  tell(date + '', date - 0, JSON.stringify(date), new Date(date).getTime(), new Date(new String(date)).getTime())
}
tell(+new Date(2024, 2, 10, 2, 30), +new Date(99, 0), +new Date(2020, 5, 1, 0, 0, 0, 7), +new Date('5'), +new Date(null), +new Date(true))
for (const text of ['2024-03-10T02:30', '2024-03-10T02:30:00.5', '2024-03-10', '2024', '2024-03-10T02:30Z', '2024-03-10T02:30+01:00',
  'Mar 10 2024 02:30', '3/10/2024', '03-10-2024', 'Mar 10 2024 02:30 GMT+0200', 'Sun, 10 Mar 2024 02:30:00 EST', 'Sun Mar 10 2024', 'nonsense', ''])
  tell(text, Date.parse(text), +new Date(text))
tell(typeof Date(), Date.length, Date.name, new Date() instanceof Date, new Date().constructor === Date)
class Later extends Date { later() { return +this + 1 } }
tell(new Later(5).later(), new Later(2020, 1) instanceof Later)
tell((1234567.891).toLocaleString(), [1.5, 2e6].toLocaleString(), 12345n.toLocaleString(), 'I'.toLocaleLowerCase(), 'a'.localeCompare('B'))
tell(['z', 'ä', 'a'].sort(new Intl.Collator().compare), ['z', 'ä', 'a'].sort((a, b) => a.localeCompare(b)), new Intl.NumberFormat().format(1e6))
const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions()
tell(locale, timeZone, Intl.DateTimeFormat().format(0), new Intl.DateTimeFormat('sv', { dateStyle: 'full' }).format(0))
tell(new Intl.NumberFormat('de').format(1.5), Intl.NumberFormat.supportedLocalesOf('de'), new Intl.NumberFormat() instanceof Intl.NumberFormat)
`
const BEFORE = `const { tellAsNode } = await import(${JSON.stringify(MODULE)}); tellAsNode(globalThis)\n`

function lines(program: string, TZ: string, LC_ALL: string): string[] {
  const { PATH } = process.env
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH, TZ, LC_ALL },
  })
  return said.toString().split('\n')
}

test('should tell every date and text as an engine does, whatever the zone and the language are', () => {
  const engine = lines(PROGRAM, 'UTC', 'C')
  assert.deepEqual(lines(BEFORE + PROGRAM, 'America/New_York', 'tr_TR.UTF-8'), engine)
  assert.deepEqual(lines(BEFORE + PROGRAM, 'Pacific/Apia', 'de_DE.UTF-8'), engine)
  assert.notDeepEqual(lines(PROGRAM, 'America/New_York', 'de_DE.UTF-8'), engine, 'it is not so without')
})
