/** A manner that is said anew says all of it. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readSubmission, replaceManner, submissionPath } from '../../../runners/detached/submission.ts'

test('should not go on by a scheduler once hosts were named', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-submission-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const plain = { engines: null, timeoutMs: null, headEngines: 2, workers: [], env: {} }
  const scheduler = { kind: 'slurm', wishes: {}, node: null, taskMs: 60_000, chunkMs: null }
  const submission = {
    format: 'reprise/submission/1',
    run: '20261127T100000000-0a0b0c',
    name: 'x',
    submitted: '2026-11-27T10:00:00.000Z',
    plan: null,
    hash: 'a'.repeat(64),
    capsule: 'b'.repeat(64),
    inputs: [],
    chunks: [[0, 9]],
    ...plain,
    scheduler,
  }
  writeFileSync(submissionPath(folder), JSON.stringify(submission))
  assert.deepEqual(readSubmission(folder).scheduler, scheduler)
  replaceManner(folder, JSON.stringify(plain))
  assert.equal(readSubmission(folder).scheduler, undefined)
  assert.equal(readSubmission(folder).headEngines, 2)
})
