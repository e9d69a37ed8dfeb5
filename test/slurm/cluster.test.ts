/** That the clusters that other tests rely on are what they seem: asked by Slurm's own programs. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isAlive, until } from '../sshd/processes.ts'
import { available, startSlurm } from './cluster.ts'

const skip = !available('tests of Slurm: real clusters')

test('should execute arrays on nodes, start tasks again, and leave no process behind', {
  skip,
}, async (t) => {
  const slurm = await startSlurm(t, { nodes: 2, cpus: 2 })
  const script = join(slurm.folder, 'job.sh')
  const lines = ['#!/bin/sh', '#SBATCH --array=0-3 --requeue', `#SBATCH --output=${slurm.folder}/out-%a`]
  const say = 'echo "$SLURM_ARRAY_TASK_ID $SLURMD_NODENAME $((SLURM_RESTART_COUNT + 0))"'
  writeFileSync(script, [...lines, '#SBATCH --open-mode=append', say, 'exec sleep 600', ''].join('\n'))
  const id = slurm.ask('sbatch', '--parsable', script).trim()
  await until('four tasks to run', () => slurm.tasks('RUNNING').length === 4)
  assert.deepEqual(slurm.arrays(), [id])
  const said = (index: number) => {
    const path = join(slurm.folder, `out-${index}`)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }
  await until('all to have spoken', () => [0, 1, 2, 3].every((index) => said(index) !== ''))
  assert.deepEqual(new Set([0, 1, 2, 3].map((index) => said(index).split(' ')[1])), new Set(['n1', 'n2']))

  slurm.cancel(`${id}_1`)
  slurm.requeue(`${id}_0`)
  await until('one to be started again', () => /^0 n\d 1$/m.test(said(0)))
  await until('one to be cancelled', () => slurm.tasks('CANCELLED').includes(`${id}_1`))
  const [, node] = said(2).split(' ')
  slurm.setNode(node!, 'down')
  await until('one to leave its node', () => !slurm.tasks('RUNNING').includes(`${id}_2`))
  slurm.setNode(node!, 'resume')
  await until('one to be started again elsewhere or there', () => /^2 n\d 1$/m.test(said(2)))

  const all = slurm.processes()
  assert.ok(all.length >= 4 + 3, 'daemons and tasks')
  await slurm.stop()
  assert.deepEqual(all.filter(isAlive), [])
})

test('should be gone while the controller is stopped, and know what it knew after', { skip }, async (t) => {
  const slurm = await startSlurm(t, { nodes: 1 })
  const id = slurm
    .ask('sbatch', '--parsable', '--output=/dev/null', '--array=0-1', '--wrap=exec sleep 600')
    .trim()
  await until('tasks to run', () => slurm.tasks('RUNNING').length === 2)
  await slurm.stopController()
  assert.notEqual(slurm.attempt('squeue').status, 0)
  await slurm.startController()
  assert.deepEqual(slurm.arrays(), [id])
  await slurm.killNode('n1')
  slurm.setNode('n1', 'down')
  await until('none to run', () => slurm.tasks('RUNNING').length === 0)
})
