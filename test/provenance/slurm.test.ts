/** A Slurm job from its variables: where it runs, and not whose it is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slurmHere } from '../../provenance/slurm.ts'

const JOB = {
  SLURM_JOB_ID: '4711',
  SLURM_ARRAY_JOB_ID: '4700',
  SLURM_ARRAY_TASK_ID: '11',
  SLURM_JOB_PARTITION: 'batch,long',
  SLURM_CLUSTER_NAME: 'alpha',
  SLURM_JOB_NUM_NODES: '5',
  SLURM_NTASKS: '4',
  SLURM_CPUS_PER_TASK: '8',
}

test('should tell the job and its place, and nobody', () => {
  const more = {
    SLURM_JOB_USER: 'ada',
    SLURM_JOB_NODELIST: 'alices-laptop',
    SLURMD_NODENAME: 'alices-laptop',
    SLURM_JOB_ACCOUNT: 'secret-project',
    SLURM_SUBMIT_DIR: '/home/ada',
    SLURM_SUBMIT_HOST: 'login1',
    SLURM_JOB_NAME: 'sesame',
  }
  assert.deepEqual(slurmHere({ ...JOB, ...more }), {
    job: '4711',
    arrayJob: '4700',
    arrayTask: '11',
    partition: 'batch,long',
    cluster: 'alpha',
    nodeCount: '5',
    tasks: '4',
    cpusPerTask: '8',
  })
})

test('should tell nothing where there is no job, and leave out what looks like none of it', () => {
  assert.equal(slurmHere({}), null)
  assert.equal(slurmHere({ SLURM_CLUSTER_NAME: 'alpha' }), null)
  assert.equal(slurmHere({ SLURM_JOB_ID: '/etc/passwd' }), null)
  assert.deepEqual(
    slurmHere({ SLURM_JOB_ID: '1', SLURM_JOB_PARTITION: 'x'.repeat(301), SLURM_NTASKS: 'a b' }),
    {
      job: '1',
    },
  )
})
