/** Why sbatch did not submit: words of real ones, 22.05 and others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalOf } from '../../../runners/slurm/refusal.ts'

const FAILED = 'sbatch: error: Batch job submission failed: '
const POLICY = `${FAILED}Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)`
const said = (stderr: string) => refusalOf({ code: 1, stdout: '', stderr, trouble: null })

test('should be busy where there is no room now', () => {
  for (const words of [
    `sbatch: error: AssocMaxSubmitJobLimit\n${POLICY}\n`,
    `sbatch: error: QOSMaxSubmitJobPerUserLimit\n${POLICY}\n`,
    `sbatch: error: AssocGrpSubmitJobsLimit\n${POLICY}\n`,
    `${POLICY}\n`,
    `sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying\n${FAILED}Resource temporarily unavailable\n`,
  ])
    assert.equal(said(words).code, 'busy', words)
})

test('should refuse for good what will never be taken, with all its words and what to do', () => {
  const cases = [
    [`sbatch: error: QOSMaxWallDurationPerJobLimit\n${POLICY}\n`, /sacctmgr/],
    [
      `sbatch: error: invalid partition specified: timeless\n${FAILED}Invalid partition name specified\n`,
      /sinfo/,
    ],
    [`${FAILED}Invalid account or account/partition combination specified\n`, /sacctmgr/],
    [`${FAILED}Requested node configuration is not available\n`, /cpus/],
    [`${FAILED}Invalid job array specification\n`, /MaxArraySize/],
    [`${FAILED}Requested time limit is invalid (missing or exceeds some limit)\n`, /`time`/],
    ['sbatch: error: Invalid --time specification\n', /`time`/],
    [`sbatch: unrecognized option '--bogus=1'\nTry "sbatch --help" for more information\n`, /extra/],
  ] as const
  for (const [words, remedy] of cases) {
    const { code, message, remedy: next } = said(words)
    assert.equal(code, 'usage', words)
    assert.match(next, remedy, words)
    assert.doesNotMatch(message, /sbatch: |Batch job submission failed|\n/)
  }
  assert.match(
    said(cases[1][0]).message,
    /invalid partition specified: timeless; Invalid partition name specified$/,
  )
})

test('should not know where nobody answered', () => {
  for (const words of [
    `${FAILED}Socket timed out on send/recv operation\n`,
    `${FAILED}Unable to contact slurm controller (connect failure)\n`,
    `${FAILED}Zero Bytes were transmitted or received\n`,
    `${FAILED}Transport endpoint is not connected\n`,
    `${FAILED}Unspecified error\n`,
    'sbatch: fatal: Could not establish a configuration source\n',
    `sbatch: error: Munge encode failed\n${FAILED}Protocol authentication error\n`,
    '',
  ])
    assert.equal(said(words).code, 'engine', words)
})

test('should not know whether it was taken where the last answer was lost, whatever was tried before', () => {
  const waited = 'sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying\n'
  const { code } = said(`${waited}${FAILED}Socket timed out on send/recv operation\n`)
  assert.equal(code, 'engine')
})
