/** What is read of `scontrol show config`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factsOf, readConfig } from '../../../runners/slurm/limits.ts'

const CONFIG = `Configuration data as of 2026-11-27T11:16:25
AccountingStorageType   = accounting_storage/slurmdbd
ClusterName             = scratch
MaxArraySize            = 1001
MaxJobCount             = 10000
SchedulerParameters     = batch_sched_delay=0,max_array_tasks=500
SlurmctldHost[0]        = vm(127.0.0.1)
SLURM_VERSION           = 22.05.8

Slurmctld(primary) at vm is UP
`

test('should tell what a cluster takes', () => {
  const config = readConfig(CONFIG)
  const facts = { cluster: 'scratch', version: '22.05.8', maxArray: 500, maxTasks: 10_000, accounting: true }
  assert.deepEqual(factsOf(config, null), facts)
  assert.equal(factsOf(config, 64)?.maxTasks, 64)
  assert.equal(factsOf(config, 1e6)?.maxTasks, 10_000)
  const without = new Map([...config, ['AccountingStorageType', 'accounting_storage/none'], ['SchedulerParameters', '(null)']] as const) // biome-ignore format: pairs
  const { maxArray, accounting } = factsOf(without, null)!
  assert.deepEqual([maxArray, accounting], [1001, false])
})

test('should know nothing where nothing is said', () => {
  assert.equal(factsOf(readConfig(''), 5), null)
  assert.equal(factsOf(readConfig('SLURM_VERSION = 22.05.8\nMaxArraySize = many'), 5), null)
  assert.equal(factsOf(readConfig('SLURM_VERSION = 22.05.8\nMaxArraySize = 11'), null)?.maxTasks, null)
})
