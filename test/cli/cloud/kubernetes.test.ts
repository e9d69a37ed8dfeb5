/** Runs on Kubernetes and a bucket by the command line, whose supervisor is killed, and which is cancelled, resumed and executed again. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../sshd/processes.ts'
import type { Project } from '../project.ts'
import { kubernetesSite, source } from './site.ts'

const RUN = ['run', 'x.ts', '--runner', 'kubernetes:lab']
/** Waits of a loaded machine, ms. */
const patience = 400_000

/** The process that supervises the run on this machine. */
function supervisorOf(project: Project, run: string): number {
  const folder = project.path('home/.cache/reprise/runs', run)
  return JSON.parse(readFileSync(join(folder, 'holder.1'), 'utf8')).pid
}

test('should have the local root though its supervisor is killed, and tell what it took', async (t) => {
  const site = await kubernetesSite(t)
  const project = site.project()
  const gate = project.path('gate')
  project.write('x.ts', source(gate, 8))
  writeFileSync(gate, '')
  const { root } = await project.json(0, 'run', 'x.ts')
  rmSync(gate)
  const { run, state } = await project.json(0, ...RUN, '--detach')
  assert.equal(state, 'detached')
  await until('pods to run', () => site.cluster.processes.length > 0, patience)
  process.kill(supervisorOf(project, run), 'SIGKILL')
  writeFileSync(gate, '')
  const answer = await project.json(0, 'collect', run, '--follow')
  assert.deepEqual([answer.state, answer.root], ['sealed', root])
  const status = await project.json(0, 'status', run)
  assert.equal(status.cost.of, 'tasks')
  assert.equal(status.cost.currency, 'EUR')
  assert.ok(status.cost.spent.coreHours > 0)
  assert.equal(status.cost.spent.money, status.cost.spent.coreHours * 36)
})
