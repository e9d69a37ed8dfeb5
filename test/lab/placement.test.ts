/** In which manner a run goes to a cluster, and what such a cluster cannot be told. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cluster } from '../../lab/clusters.ts'
import { mannerOn } from '../../lab/placement.ts'
import { engineFactsOf } from '../../runners/detached/heard.ts'
import type { SlurmProfile } from '../../runners/slurm/profile.ts'

const at = (profile: Cluster['profile']): Cluster => ({
  name: 'lab',
  profile,
  owner: 'user',
  path: '/c',
  hides: null,
})
const SLURM: SlurmProfile = {
  kind: 'slurm',
  via: 'ssh:x',
  directory: '/d',
  node: '/n',
  taskTime: 60,
  partition: 'main',
  cpus: 4,
  extra: ['--exclusive'],
  env: { A: '1' },
}

test('should ask of Slurm what the profile wishes, and nothing of the head itself', () => {
  const manner = mannerOn(at(SLURM), { timeoutMs: 5 })
  assert.deepEqual(manner, {
    engines: null,
    timeoutMs: 5,
    headEngines: 0,
    workers: [],
    env: { A: '1' },
    scheduler: {
      kind: 'slurm',
      wishes: { partition: 'main', cpus: 4, extra: ['--exclusive'] },
      node: '/n',
      taskMs: 60_000,
      chunkMs: null,
    },
  })
  assert.equal(mannerOn(at(SLURM), { timeoutMs: null, taskTime: 7 }).scheduler?.taskMs, 7_000)
  assert.equal(mannerOn(at({ kind: 'slurm' }), { timeoutMs: null }).scheduler?.taskMs, 120_000)
  assert.throws(() => mannerOn(at(SLURM), { timeoutMs: null, engines: 2 }), /each task on slurm:lab/)
  const ssh = at({ kind: 'ssh', hosts: [{ host: 'n' }] })
  assert.throws(() => mannerOn(ssh, { timeoutMs: null, taskTime: 7 }), /ssh:lab has none/)
  assert.equal(mannerOn(ssh, { timeoutMs: null }).scheduler, undefined)
})

test('should read what a head says of its scheduler strictly', () => {
  const facts = { cluster: 'c', version: '23.11', maxArray: 1001, maxTasks: null, accounting: false }
  assert.deepEqual(engineFactsOf({ ...facts, more: 1 }), facts)
  assert.equal(engineFactsOf({ ...facts, cluster: 7 }).cluster, null)
  for (const odd of [
    null,
    [],
    'x',
    { ...facts, version: 1 },
    { ...facts, maxArray: -1 },
    { ...facts, maxTasks: 'x' },
  ])
    assert.throws(() => engineFactsOf(odd), /no description of a scheduler/)
})
