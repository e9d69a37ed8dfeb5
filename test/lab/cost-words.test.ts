/** Core-hours and money as they are told. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { price } from '../../cli/options.ts'
import { costWords, moneyWords } from '../../lab/cost-words.ts'
import { moneyOf } from '../../runners/cloud/prices.ts'

test('should tell what was spent and what is to come, with money where there are prices', () => {
  const spent = { coreHours: 12, money: null }
  assert.equal(
    costWords({ spent: { coreHours: 0, money: 0 }, ahead: null, currency: 'EUR', of: 'tasks' }),
    '',
  )
  assert.equal(costWords({ spent, ahead: null, currency: null, of: 'tasks' }), '12 core-hours')
  assert.equal(
    costWords({ spent, ahead: null, currency: null, of: 'engines' }),
    '12 core-hours of engines at work',
  )
  assert.equal(
    costWords({
      spent: { coreHours: 12, money: 0.48 },
      ahead: { coreHours: 100, money: 4 },
      currency: 'USD',
      of: 'tasks',
    }),
    '12 core-hours, 0.48 USD; to come about 100 core-hours, 4 USD',
  )
})

test('should tell a little money as little, and none as none', () => {
  assert.equal(moneyWords(0, 'USD'), '0 USD')
  assert.equal(moneyWords(0.001, 'USD'), 'less than 0.01 USD')
  assert.equal(moneyWords(1234.5, 'USD'), '1,200 USD')
  assert.equal(moneyOf(1_800_000, { coreHour: 0.08, currency: 'USD' }), 0.04)
})

test('should read a price with its currency, and nothing else', () => {
  assert.deepEqual(price('0.04 USD'), { coreHour: 0.04, currency: 'USD' })
  assert.deepEqual(price('3EUR'), { coreHour: 3, currency: 'EUR' })
  for (const wrong of ['', '0.04', 'USD', '-1 USD', '1 usd', '1e9 USD', '1 US$', '0.04 USD an hour'])
    assert.throws(() => price(wrong), { code: 'usage' }, wrong)
})
