/** The likely cause of what a check found: which touch is blamed for which variation, and what is said without any. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Known, likelyCauses } from '../../lab/causes.ts'
import type { Touch } from '../../runners/protocol.ts'
import { differing, NAMES } from './checked.ts'

const touch = (kind: string, name: string, place = 'sweep.ts:12:7'): Touch => {
  return { kind, name, caller: 'pick', place }
}
const NOW = touch('clock', 'Date.now')
const TEXT = touch('locale', 'Number.prototype.toLocaleString', 'sweep.ts:13:1')
const DATE = touch('locale', 'Date.prototype.toLocaleDateString', 'sweep.ts:14:1')

const known = (touched: readonly Touch[], changes: Partial<Known> = {}): Known => {
  return { math: 'portable', guard: 'record', program: false, touched, ...changes }
}
const causes = (names: readonly string[], about: Known) => likelyCauses(names.map(differing), about)

test('should blame the clock for what differs later, with its place', () => {
  const [cause, ...others] = causes(['again', 'clock'], known([NOW, TEXT]))
  assert.deepEqual(others, [])
  assert.deepEqual([cause?.variations, cause?.touched], [['again', 'clock'], [NOW]])
  assert.match(
    cause!.what,
    /^Date\.now, called by pick at sweep\.ts:12:7: the clock is another in every execution$/,
  )
  assert.match(cause!.remedy, /Leave times out/)
})

test('should blame only what knows of time zones for a time zone', () => {
  assert.deepEqual(causes(['time zone'], known([NOW, TEXT, DATE]))[0]?.touched, [DATE])
  const [unseen] = causes(['time zone'], known([NOW, TEXT]))
  assert.deepEqual(unseen?.touched, [])
  assert.match(unseen!.what, /guards do not watch getHours/)
  assert.match(unseen!.remedy, /getUTCHours/)
})

test('should tell state that outlives a job, once for all variations that show it', () => {
  const [cause, ...others] = causes(['order', 'batches', 'fresh engines', 'used engine'], known([NOW]))
  assert.deepEqual(others, [])
  assert.deepEqual(cause?.variations, ['order', 'batches', 'fresh engines', 'used engine'])
  assert.match(cause!.what, /outlives a job: a variable outside run/)
  assert.match(causes(['batches'], known([]))[0]!.what, /between two batches/)
})

test('should lay to the folder what engines with folders of their own show', () => {
  const [cause, ...others] = causes(['working folder', 'engines'], known([touch('machine', 'process.cwd')]))
  assert.deepEqual([cause?.variations, others], [['working folder', 'engines'], []])
  const both = causes(['working folder', 'order', 'engines'], known([]))
  assert.deepEqual(
    both.map(({ variations }) => variations),
    [['working folder'], ['order', 'engines']],
  )
})

test('should blame native Math for what compilers and versions of Node change', () => {
  const native = known([], { math: 'native' })
  const names = ['jitless', 'another Node']
  for (const { what, remedy } of causes(names, native)) {
    assert.match(what, /math: "native"/)
    assert.match(remedy, /Leave math/)
  }
  for (const { what } of causes(names, known([]))) assert.doesNotMatch(what, /Math/)
})

test('should say that nobody saw why, and what to look at', () => {
  const said = (changes: Partial<Known>) => causes(['again'], known([], changes))[0]!
  assert.match(said({}).what, /no guard saw where/)
  assert.match(said({ guard: 'off' }).what, /guard: 'off'/)
  assert.match(said({ program: true }).what, /do not see into programs/)
  assert.match(said({ program: true }).remedy, /generators without a seed/)
  for (const name of NAMES) {
    const [cause] = causes([name], known([]))
    assert.deepEqual(cause?.variations, [name], 'each has a row')
    assert.ok(cause!.what.length > 20 && cause!.remedy.length > 20)
  }
})

test('should look for no cause where nothing differs that is steady', () => {
  const same = { ...differing('order'), state: 'identical' as const }
  const noise = { ...differing('order'), unsteadyOnly: true }
  assert.deepEqual(likelyCauses([same, noise], known([NOW])), [])
})
