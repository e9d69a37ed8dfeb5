/** Where a run's keys are, and how a place is said. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyBelow, placeOfRun, placeWords } from '../../../runners/s3/place.ts'

test('should give each run a prefix of its own below that of the place', () => {
  const place = { bucket: 'lab', prefix: 'group/reprise', region: 'eu-west-1' }
  const run = placeOfRun(place, 'r1')
  assert.deepEqual(run, { ...place, prefix: 'group/reprise/runs/r1' })
  assert.equal(placeOfRun({ bucket: 'lab' }, 'r1').prefix, 'runs/r1')
  assert.equal(keyBelow(run, 'arrays/1/handle'), 'group/reprise/runs/r1/arrays/1/handle')
  assert.equal(keyBelow({ bucket: 'lab' }, 'a'), 'a')
})

test('should be said as people write it', () => {
  assert.equal(
    placeWords({ bucket: 'lab', endpoint: 'https://x.example' }, 'a/b'),
    's3://lab/a/b at https://x.example',
  )
  assert.equal(placeWords({ bucket: 'lab' }), 's3://lab')
})
