/** The result schema's validator: compiled where the capsule is made, carried as text, told of in words. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { NO_ATTACHMENTS } from '../../provenance/capsule.ts'
import { validatorSource } from '../../provenance/schema.ts'
import { memoryRunner } from '../../runners/memory.ts'
import { record } from '../conformance/recorder.ts'
import { assign, Workshop } from '../conformance/workshop.ts'
import { isRefusal } from '../lib/refusal.ts'

const workshop = new Workshop()
after(() => workshop.close())

const SCHEMA = {
  type: 'object',
  properties: {
    n: { type: 'integer', minimum: 0 },
    words: { type: 'array', items: { type: 'string', maxLength: 3 } },
  },
  required: ['n'],
  additionalProperties: false,
}

test('should check results at the engine and say what is wrong with one', async () => {
  const validator = await validatorSource(SCHEMA)
  const source = `import { experiment } from 'reprise'
const LIST = [{ n: 1 }, { n: 1, words: ['abc'] }, { n: -1 }, { n: 1.5 }, {}, { n: 1, more: 2 }, { n: 1, words: ['abcd'] }, 5]
export default experiment({ name: 'schema', parameters: { i: LIST.map((_, i) => i) }, run: ({ point }) => LIST[point.i] })
`
  const made = await workshop.make(source, { ...NO_ATTACHMENTS, validator })
  const done = await record(memoryRunner(), assign(made))
  const messages = done.delivered.map((chunk) =>
    /"message":"(.*)","name":"(\w+)"/.exec(done.words(chunk))?.slice(1, 3),
  )
  assert.deepEqual(messages.slice(0, 2), [undefined, undefined])
  const expected = [/result\.n must be >= 0/, /result\.n must be integer/, /must have required property 'n'/,
    /must NOT have additional properties/, /result\.words\.0 must NOT have more than 3 characters/, /result must be object/] // biome-ignore format: a list
  for (const [i, words] of expected.entries()) {
    assert.match(messages[2 + i]![0]!, words)
    assert.equal(messages[2 + i]![1], 'InvalidResult')
  }
})

test('should be the same text each time, and carry no compiler', async () => {
  const source = await validatorSource(SCHEMA)
  assert.equal(await validatorSource(structuredClone(SCHEMA)), source)
  assert.ok(!/new Function|eval\(/.test(source))
})

test('should refuse what is no schema', async () => {
  const wrong: Record<string, unknown>[] = [
    { type: 'objekt' },
    { type: 'object', propertees: {} },
    { minimum: 'x' },
    { $ref: 'https://example.org/schema.json' },
    { type: 'string', pattern: '(' },
  ]
  for (const schema of wrong)
    await assert.rejects(validatorSource(schema), isRefusal('invalid-experiment', { subject: 'result' }))
})
