/** What a task's container is started with: nobody sets what Reprise, the service or the scheduler does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import { containerOf, INDEX_ENV, TASK_ENV } from '../../../runners/cloud/container.ts'

const tasks = (env: Readonly<Record<string, string>>) => ({
  ...{ boot: 'boot', program: '0'.repeat(64), env },
  place: { bucket: 'lab', profile: 'mine', endpoint: 'http://here', endpointInside: 'http://inside' },
})

test('should start Node with the order’s place, as tasks see it, and with the user’s variables', () => {
  const { command, env } = containerOf(tasks({ OMP_NUM_THREADS: '1' }), 3)
  assert.deepEqual(command, ['node', '-e', 'boot'])
  assert.deepEqual(env, {
    OMP_NUM_THREADS: '1',
    [TASK_ENV.store]: '{"bucket":"lab","endpoint":"http://inside"}',
    [TASK_ENV.array]: '3',
    [TASK_ENV.program]: '0'.repeat(64),
    [TASK_ENV.engines]: '["OMP_NUM_THREADS"]',
  })
})

test('should refuse variables that are not anybody’s to set', () => {
  for (const name of [...Object.values(TASK_ENV), ...INDEX_ENV, 'AWS_SECRET_ACCESS_KEY', 'REPRISE_ANY'])
    assert.throws(
      () => containerOf(tasks({ [name]: '0' }), 1),
      (error) => error instanceof RepriseError && error.code === 'usage' && error.subject === `env ${name}`,
    )
})
