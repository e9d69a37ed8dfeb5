/**
 * Runs on a real Slurm by the command line: attached, detached, collected by another lab, left by Ctrl-C, with a client that is
 * killed, tasks that are requeued and cancelled, and a node that goes down. The root is always that of a run on this machine.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { labAt, runFolder } from '../../../lab/lab.ts'
import { lockHolder } from '../../../lab/lock.ts'
import { available } from '../../slurm/cluster.ts'
import { until } from '../../sshd/processes.ts'
import { answerOf, type Project, type Running } from '../project.ts'
import { SlurmSite } from './site.ts'

const skip = !available('runs on Slurm')
const RUN = ['run', 'x.ts', '--runner', 'slurm:lab']
/** Waits of a loaded machine. */
const patience = 400_000

/** An epidemic in small: forty chunks, those from `open` on wait for a file at the gate. */
const source = (gate: string, open = 40) => `import { existsSync } from 'node:fs'
import { experiment, range } from 'reprise'
export default experiment({
  name: 'small-epidemic', parameters: { infect: range(0.1, 0.4, 4), remove: [0.2, 0.5] }, repetitions: 20, chunk: 4,
  async run({ point, repetition, random }) {
    const place = Math.round(point.infect * 10 - 1) * 10 + (point.remove > 0.3 ? 5 : 0) + Math.floor(repetition / 4)
    while (place >= ${open} && !existsSync(${JSON.stringify(gate)})) await new Promise((go) => setTimeout(go, 20))
    let [well, ill, steps] = [997, 3, 0]
    while (ill > 0 && steps < 500) {
      let [fresh, gone] = [0, 0]
      for (let i = 0; i < well; i++) if (random() < (point.infect * ill) / 1000) fresh++
      for (let i = 0; i < ill; i++) if (random() < point.remove) gone++
      well -= fresh
      ill += fresh - gone
      steps++
    }
    return { well, steps }
  },
})
`

interface Scene {
  readonly site: SlurmSite
  readonly project: Project
  readonly gate: string
  /** Of the run on this machine. */
  readonly root: string
}

async function scene(t: Parameters<typeof SlurmSite.start>[0], open: number): Promise<Scene> {
  const site = await SlurmSite.start(t)
  const project = site.project()
  const gate = project.path('gate')
  project.write('x.ts', source(gate, open))
  writeFileSync(gate, '')
  const { root } = await project.json(0, 'run', 'x.ts')
  rmSync(gate)
  return { site, project, gate, root }
}

/** The one run that is there besides the first. */
async function secondRun(project: Project): Promise<string> {
  let found: string | undefined
  await until('the run to be planned', () => {
    found = project.runNames().filter((name) => /^\d/.test(name))[1]
    return found !== undefined
  })
  return found!
}

async function untilRunning({ slurm }: SlurmSite, least = 1): Promise<void> {
  await until('tasks to run', () => slurm.tasks('RUNNING').length >= least)
}

test('should have the local root over two nodes, whatever happens to tasks and a node', {
  skip,
}, async (t) => {
  const { site, project, gate, root } = await scene(t, 10)
  const { slurm } = site
  const running = project.start([...RUN, '--task-time', '2', '--json'], { patience })
  const run = await secondRun(project)
  await untilRunning(site, 2)
  const [first, second] = slurm.tasks('RUNNING')
  slurm.requeue(first!)
  slurm.cancel(second!)
  const { there } = await project.json(0, 'status', run)
  assert.equal(there.state, 'running')
  const tasks = Object.values(there.tasks as Record<string, number>).reduce((sum, n) => sum + n, 0)
  assert.ok(tasks > 0, JSON.stringify(there.tasks))
  slurm.setNode('n2', 'down')
  writeFileSync(gate, '')
  const ended = await running.finished
  const answer = answerOf(ended, 0)
  assert.deepEqual([answer.state, answer.root, answer.run], ['sealed', root, run])
  assert.match(ended.stderr, /slurm:lab executes it, also without us/)
  assert.equal((await project.json(0, 'verify', run)).valid, true)
  const { run: record } = JSON.parse(readFileSync(answer.manifest, 'utf8'))
  assert.equal(record.sessions[0].runner, 'slurm')
  const again = await project.json(0, 'rerun', run, '--sample', '3', '--runner', 'slurm:lab')
  assert.deepEqual([again.verdict, again.chunksCompared], ['identical', 3])
})

test('should be left there by Ctrl-C and a killed client, and be collected by a second lab', {
  skip,
}, async (t) => {
  const { site, project, gate, root } = await scene(t, 20)
  const left = project.start([...RUN, '--json'], { patience })
  const run = await secondRun(project)
  await untilRunning(site)
  await untilFollowed(project, run, left)
  left.child.kill('SIGINT')
  const leaving = await left.finished
  assert.equal(answerOf(leaving, 130).state, 'detached')
  assert.match(leaving.stderr, new RegExp(`it needs nobody: reprise collect ${run}`))

  const other = site.project()
  const listed = await other.json(0, 'collect', 'slurm:lab')
  assert.deepEqual([listed.runner, listed.runs[0].run, listed.runs[0].state], ['slurm:lab', run, 'running'])
  const killed = project.start(['resume', run, '--json'], { patience })
  await untilFollowed(project, run, killed)
  killed.child.kill('SIGKILL')
  await killed.finished
  const words = await project.reprise('status', run)
  assert.match(words.stdout, /detached on slurm:lab/)

  writeFileSync(gate, '')
  const collected = await other.json(0, 'collect', `slurm:lab/${run}`, '--follow')
  assert.deepEqual([collected.state, collected.root], ['sealed', root])
  const resumed = await project.json(0, 'resume', run)
  assert.deepEqual([resumed.state, resumed.root], ['sealed', root])
  for (const each of [project, other]) assert.equal((await each.json(0, 'verify', run)).valid, true)
})

test('should be cancelled there, resumed with what is missing, and detached', { skip }, async (t) => {
  const { site, project, gate, root } = await scene(t, 20)
  const { run, state } = await project.json(0, ...RUN, '--detach')
  assert.equal(state, 'detached')
  await untilRunning(site)
  const cancelled = await project.json(0, 'cancel', run)
  assert.equal(cancelled.state, 'cancelled')
  await until('its tasks to end', () => site.slurm.tasks('RUNNING,PENDING').length === 0)
  const again = await project.json(0, 'resume', run, '--runner', 'slurm:lab', '--detach')
  assert.equal(again.state, 'detached')
  writeFileSync(gate, '')
  const watched = await project.json(0, 'watch', run)
  assert.deepEqual([watched.state, watched.root], ['sealed', root])
  const script = join(site.directory, 'runs', run, 'array/arrays/1/job.sh')
  assert.match(readFileSync(script, 'utf8'), /^#!\/bin\/sh\n# Array 1 of a run of Reprise/)
})

/** Until somebody collects it here. */
async function untilFollowed(project: Project, run: string, { child }: Running): Promise<void> {
  const folder = () => runFolder(labAt(project.lab), run)
  await until('it to be followed', () => {
    assert.equal(child.exitCode, null)
    return existsSync(join(project.runs, run, 'holder.json')) && lockHolder(folder())?.pid === child.pid
  })
}
