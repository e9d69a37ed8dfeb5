/** How axes are called: by labels, else by the titles and units of the result schema. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsPart } from '../../lab/labels.ts'
import { experiment } from '../../lib/experiment.ts'

const run = () => 0

test('should take titles and units of the result schema, at any depth, and labels before them', () => {
  const result = {
    properties: {
      a: { title: 'area', unit: 'm²' },
      b: { unit: 's' },
      c: { title: 'count' },
      d: { properties: { deep: { title: 'depth', unit: 'm' } }, description: 'not a label' },
    },
  }
  assert.deepEqual(
    labelsPart(experiment({ name: 'x', result, labels: { c: 'cases', p: 'pressure (Pa)' }, run })),
    {
      labels: { a: 'area (m²)', b: 'b (s)', c: 'cases', 'd.deep': 'depth (m)', p: 'pressure (Pa)' },
    },
  )
})

test('should be nothing where nothing is said', () => {
  assert.deepEqual(
    labelsPart(experiment({ name: 'x', result: { properties: { a: { type: 'number' } } }, run })),
    {},
  )
})

test('should not change what is asked', () => {
  const [bare, told] = [experiment({ name: 'x', run }), experiment({ name: 'x', labels: { a: 'b' }, run })]
  assert.deepEqual(bare.document, told.document)
})

test('should refuse labels that no axis could hold', () => {
  for (const labels of [{ a: '' }, { a: 'x'.repeat(201) }, { a: 1 }, ['a'], { a: '\ud800' }] as never[])
    assert.throws(() => experiment({ name: 'x', labels, run }), { code: 'invalid-experiment' })
})
