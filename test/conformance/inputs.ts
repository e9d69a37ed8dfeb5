/** Declared inputs: the same bytes on every engine; one that is missing or another is never a job's result. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { NO_ATTACHMENTS } from '../../provenance/capsule.ts'
import { each } from './experiments.ts'
import type { Recorder } from './recorder.ts'
import type { Suite } from './suite.ts'
import { assign, digestOf, type Made } from './workshop.ts'

const BODY = `const bytes = input('data'); const sum = bytes.reduce((a, b) => a + b, 0); bytes.fill(0)
  return [sum, input('data').length, input.text('words')]`
const DATA = new Uint8Array(100_000).map((_, i) => i)
const WORDS = 'žluťoučký kůň'

export function inputCases({ workshop, execute }: Suite): void {
  const source = each(4, BODY, '', `inputs: { data: 'data.bin', words: 'words.txt' },`)
  const digests = { data: digestOf(DATA), words: digestOf(WORDS) }
  const make = (): Promise<Made> => workshop.make(source, { ...NO_ATTACHMENTS, inputs: digests })
  const paths = () => ({
    [digests.data]: workshop.file('data.bin', DATA),
    [digests.words]: workshop.file('words.txt', WORDS),
  })

  test('should give jobs their inputs, each a copy of its own', async () => {
    const done = await execute(assign(await make(), undefined, paths()))
    const sum = DATA.reduce((a, b) => a + b, 0)
    for (const chunk of done.delivered)
      assert.ok(done.words(chunk).includes(`[${sum},100000,"žluťoučký kůň"]`), done.words(chunk))
    assert.equal(done.chunks.length, 4)
  })

  const broken = {
    missing: () => ({ ...paths(), [digests.words]: workshop.path('nowhere.txt') }),
    unnamed: () => ({ [digests.data]: paths()[digests.data]! }),
    changed: () => ({ ...paths(), [digests.words]: workshop.file('words.txt', `${WORDS}!`) }),
  }
  for (const [how, inputs] of Object.entries(broken)) {
    test(`should take an input that is ${how} for no job's fault`, async () => {
      const start = performance.now()
      const made = await make()
      let told = 0
      const chunk = () => told++
      const refused = await execute(assign(made, undefined, inputs()), {}, { chunk }).then(
        (done: Recorder) => assert.equal(done.aside.length, 4),
        (error: Error) => error,
      )
      assert.equal(told, 0)
      if (refused instanceof Error)
        assert.match(refused.message, /words|no such file|is not the file|is not what has this SHA-256/)
      assert.ok(performance.now() - start < 120_000) // a busy machine included
    })
  }

  test('should not let a job reach for what is not declared', async () => {
    const body = `try { return [input('other')] } catch (error) { return error.message }`
    const made = await workshop.make(each(1, body))
    const done = await execute(assign(made))
    assert.match(done.words(0), /there is no input \\"other\\"/)
    assert.equal(existsSync('other'), false)
  })
}
