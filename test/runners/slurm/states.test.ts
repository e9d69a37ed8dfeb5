/** Slurm's states, long, short and cut, and what is made of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stateOf, wordsOf } from '../../../runners/slurm/states.ts'

test('should know Slurm’s words for states', () => {
  const words = {
    pending: [
      'PENDING',
      'PD',
      'CONFIGURING',
      'REQUEUED',
      'REQUEUE_HOLD',
      'RH',
      'SPECIAL_EXIT',
      'SE',
      'RESV_DEL_HOLD',
    ],
    running: [
      'RUNNING',
      'R',
      'COMPLETING',
      'CG',
      'SUSPENDED',
      'STOPPED',
      'SIGNALING',
      'STAGE_OUT',
      'RESIZING',
    ],
    completed: ['COMPLETED', 'CD', ' completed '],
    failed: ['FAILED', 'F'],
    timeout: ['TIMEOUT', 'TO', 'DEADLINE', 'DL'],
    'out-of-memory': ['OUT_OF_MEMORY', 'OOM', 'OUT_OF_ME+'],
    'node-fail': ['NODE_FAIL', 'NF', 'BOOT_FAIL', 'BF', 'LAUNCH_FAILED'],
    preempted: ['PREEMPTED', 'PR'],
    cancelled: ['CANCELLED', 'CA', 'CANCELLED by 0', 'CANCELLED by 1000', 'CANCELLED+'],
    ended: ['REVOKED', 'RV'],
    unknown: ['', '?', 'NEW_STATE', 'C+', 'RE+', '<b>', '12'],
  }
  for (const [state, all] of Object.entries(words))
    for (const word of all) assert.equal(stateOf(word), state, word)
})

test('should see that what a node could not start does not start again by itself', () => {
  assert.equal(stateOf('PENDING', 'launch_failed_requeued_held'), 'node-fail')
  assert.equal(stateOf('PENDING', 'launch failed requeued held'), 'node-fail')
  assert.equal(stateOf('PENDING', 'JobHeldUser'), 'pending')
})

test('should give Slurm’s words where they say something', () => {
  assert.equal(wordsOf('PENDING', 'Resources'), 'Resources')
  assert.equal(wordsOf('PENDING', 'None'), null)
  assert.equal(wordsOf('RUNNING', 'None'), null)
  assert.equal(wordsOf('COMPLETED', 'None'), 'COMPLETED')
  assert.equal(wordsOf('NODE_FAIL', 'NodeDown'), 'NODE_FAIL (NodeDown)')
  assert.equal(wordsOf('SUSPENDED', ''), 'SUSPENDED')
})
