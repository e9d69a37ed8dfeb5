/**
 * A run that was handed over to the head of a Slurm cluster, by the program that travels: its tasks go on though its supervisor
 * was killed, the next who follows it has another, and nothing is told twice.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { currentHolder } from '../../../runners/detached/holder.ts'
import { readSegment, segmentsIn } from '../../../runners/detached/journal.ts'
import type { HeadOrder } from '../../../runners/detached/orders.ts'
import { headProgram } from '../../../runners/detached/program.ts'
import { farRun } from '../../../runners/detached/status.ts'
import type { SchedulerManner } from '../../../runners/detached/submission.ts'
import { readTold, type Told } from '../../../runners/detached/told.ts'
import { each } from '../../conformance/experiments.ts'
import { expectedLeaves, type Made, Workshop } from '../../conformance/workshop.ts'
import { available, type SlurmCluster, startSlurm } from '../../slurm/cluster.ts'
import { eventually, RUN, submissionOf } from './site.ts'

const workshop = new Workshop()
after(() => workshop.close())

const skip = !available('runs that are handed over to Slurm')
const SLOW = each(24, 'await new Promise((go) => setTimeout(go, 300)); return random()')

class Head {
  readonly directory = workshop.path('head')
  readonly folder = join(this.directory, 'runs', RUN)
  readonly #env: NodeJS.ProcessEnv
  #program = ''

  constructor(slurm: SlurmCluster) {
    this.#env = { ...process.env, ...slurm.env }
  }

  async submit(made: Made, scheduler: SchedulerManner): Promise<void> {
    this.#program = workshop.file('program.mjs', (await headProgram()).bytes)
    const submission = submissionOf(made, { scheduler })
    mkdirSync(join(this.directory, 'capsules'), { recursive: true })
    copyFileSync(made.capsule, join(this.directory, 'capsules', `${submission.capsule}.mjs`))
    await this.ask({ verb: 'submit', submission: JSON.stringify(submission) })
  }

  /** One order, as the near side gives them: what comes back, to its end. */
  async ask(order: object): Promise<string> {
    const child = spawn(process.execPath, [this.#program], {
      env: this.#env,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const whole: HeadOrder = { directory: this.directory, run: RUN, ...order } as HeadOrder
    child.stdin.write(`${JSON.stringify(whole)}\n`) // its end would say that nobody is there any more
    let said = ''
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      said += text
    })
    await new Promise((resolve) => child.on('close', resolve))
    assert.doesNotMatch(said.slice(0, 2_000), /^\{"error"/)
    return said
  }

  told(): Told[] {
    return segmentsIn(this.folder).flatMap((segment) => {
      const found: Told[] = []
      readSegment(this.folder, segment, 0, (record) => {
        const told = readTold(record)
        if (told !== null) found.push(told)
        return true
      })
      return found
    })
  }

  chunks(): { chunk: number; leaf: string; engine: number }[] {
    return this.told().flatMap((told) => (told.type === 'chunk' ? [told.done] : []))
  }
}

const SCHEDULER: SchedulerManner = {
  ...{ kind: 'slurm', wishes: { cpus: 2 }, node: process.execPath, taskMs: 1_800, chunkMs: 600 },
}

test('should go on by itself when its supervisor was killed, and tell all of it once', {
  skip,
  timeout: 600_000,
}, async (t) => {
  const made = await workshop.make(SLOW)
  const head = new Head(await startSlurm(t, { nodes: 2, cpus: 2 }))
  await head.submit(made, SCHEDULER)
  await eventually('chunks have come', () => head.chunks().length > 0)
  process.kill(currentHolder(head.folder)!.pid, 'SIGKILL')
  await eventually('it is seen', () => farRun(head.folder).state === 'interrupted')
  assert.ok(Object.values(farRun(head.folder).tasks ?? {}).some((count) => count > 0))
  rmSync(join(head.directory, 'capsules'), { recursive: true }) // it has all that it needs in its own folder
  const plain = await head.ask({ verb: 'run' })
  assert.match(plain, /interrupted/, 'who only asks starts nothing')

  const journal = await head.ask({ verb: 'journal', follow: true, segment: 0, offset: 0 })
  assert.match(journal, /"caught-up","state":"done"/)
  const leaves = await expectedLeaves(made)
  const chunks = head.chunks()
  assert.deepEqual(
    chunks.map(({ chunk }) => chunk).sort((a, b) => a - b),
    [...leaves.keys()],
    'each chunk once',
  )
  for (const { chunk, leaf } of chunks) assert.equal(leaf, leaves[chunk])
  const told = head.told()
  const engines = told.flatMap((one) => (one.type === 'engine' ? [one.started.engine] : []))
  assert.equal(new Set(engines).size, engines.length, 'a number means one engine')
  for (const { engine } of chunks) assert.ok(engines.includes(engine))
  const tasks = told.flatMap((one) => (one.type === 'task' ? [one.task] : []))
  assert.equal(new Set(tasks.map(({ job }) => job)).size, tasks.length)
  assert.equal(
    tasks.reduce((sum, one) => sum + one.chunks, 0),
    leaves.length,
  )
  assert.deepEqual(
    tasks.flatMap((one) => [...one.engines]).sort((a, b) => a - b),
    engines.toSorted((a, b) => a - b),
  )
})

test('should end its tasks when it is cancelled though nobody supervises it', {
  skip,
  timeout: 600_000,
}, async (t) => {
  const slurm = await startSlurm(t, { nodes: 1, cpus: 2 })
  const head = new Head(slurm)
  await head.submit(await workshop.make(SLOW), SCHEDULER)
  await eventually('tasks are there', () => slurm.arrays().length > 0)
  process.kill(currentHolder(head.folder)!.pid, 'SIGKILL')
  await eventually('it is seen', () => farRun(head.folder).state === 'interrupted')
  await head.ask({ verb: 'cancel' })
  await eventually('it has stopped', () => farRun(head.folder).state === 'cancelled')
  await eventually(
    'no task is left',
    () => slurm.tasks('RUNNING').length + slurm.tasks('PENDING').length === 0,
  )
})
