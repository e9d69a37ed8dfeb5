/**
 * A run that was handed over to this machine as the head of a cloud, by the program that travels with its clients in it: its tasks are
 * pods, or children of AWS Batch, over a bucket; a supervisor that was killed has a successor; nothing is told twice.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { headEnvironment } from '../../../runners/cloud/head-environment.ts'
import { currentHolder } from '../../../runners/detached/holder.ts'
import { readSegment, segmentsIn } from '../../../runners/detached/journal.ts'
import { cloudHeadProgram } from '../../../runners/detached/program.ts'
import { farRun } from '../../../runners/detached/status.ts'
import type { SchedulerManner } from '../../../runners/detached/submission.ts'
import { readTold, type Told } from '../../../runners/detached/told.ts'
import { REGION, startBatch } from '../../aws/batch-server.ts'
import { each } from '../../conformance/experiments.ts'
import { expectedLeaves, type Made, Workshop } from '../../conformance/workshop.ts'
import { startKubernetes } from '../../kubernetes/server.ts'
import { startS3 } from '../../s3/server.ts'
import { ROLE } from '../aws-batch/stage.ts'
import { eventually, RUN, submissionOf } from './site.ts'

const workshop = new Workshop()
after(() => workshop.close())

const SLOW = each(8, 'await new Promise((go) => setTimeout(go, 400)); return random()')

class Head {
  readonly directory = workshop.path('head')
  readonly folder = join(this.directory, 'runs', RUN)
  readonly #env: Record<string, string>
  #program = ''

  constructor(t: TestContext, env: Readonly<Record<string, string>>) {
    t.after(() => {
      const supervisor = currentHolder(this.folder)
      if (supervisor !== null) process.kill(supervisor.pid, 'SIGKILL')
    })
    this.#env = { ...headEnvironment(process.env), ...env, AWS_EC2_METADATA_DISABLED: 'true' }
  }

  async submit(made: Made, scheduler: SchedulerManner): Promise<void> {
    const submission = submissionOf(made, { scheduler })
    mkdirSync(join(this.directory, 'capsules'), { recursive: true })
    copyFileSync(made.capsule, join(this.directory, 'capsules', `${submission.capsule}.mjs`))
    await this.ask({ verb: 'submit', submission: JSON.stringify(submission) })
  }

  /** One order, as the near side gives them: what comes back, to its end. */
  async ask(order: object): Promise<string> {
    if (this.#program === '') this.#program = workshop.file('head.mjs', (await cloudHeadProgram()).bytes)
    const child = spawn(process.execPath, [this.#program], {
      env: this.#env,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    child.stdin.write(`${JSON.stringify({ directory: this.directory, run: RUN, ...order })}\n`)
    let said = ''
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      said += text
    })
    await new Promise((resolve) => child.on('close', resolve))
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

  async assertWhole(made: Made): Promise<void> {
    const chunks = this.told().flatMap((told) => (told.type === 'chunk' ? [told.done] : []))
    const found = chunks.map(({ chunk, leaf }) => [chunk, leaf] as const).sort(([a], [b]) => a - b)
    assert.deepEqual(found, [...(await expectedLeaves(made)).entries()], 'each chunk once')
  }
}

/** Followed to its end, from the beginning. */
const FOLLOW = { verb: 'journal', follow: true, segment: 0, offset: 0 }
const TIMES = { taskMs: 1_600, chunkMs: 400 }

async function kubernetes(t: TestContext) {
  const s3 = await startS3(t)
  const cluster = await startKubernetes(t, { secrets: { bucket: s3.env } })
  const { kubeconfig } = cluster
  const wishes = { kubeconfig, secretName: 'bucket', engines: 1, store: { ...s3.place, prefix: 'a' } }
  const scheduler: SchedulerManner = { kind: 'kubernetes', wishes, ...TIMES }
  return { s3, cluster, scheduler }
}

test('should go on by itself on Kubernetes when its supervisor was killed, and tell of images', async (t) => {
  const made = await workshop.make(SLOW)
  const { s3, scheduler } = await kubernetes(t)
  const head = new Head(t, s3.env)
  const facts = await head.ask({ verb: 'probe', how: JSON.stringify(scheduler) })
  assert.match(facts, /"answer":\{.*"maxArray":/)
  await head.submit(made, scheduler)
  await eventually('tasks are there', () => Object.keys(farRun(head.folder).tasks ?? {}).length > 0)
  process.kill(currentHolder(head.folder)!.pid, 'SIGKILL')
  await eventually('it is seen', () => farRun(head.folder).state === 'interrupted')
  assert.match(await head.ask(FOLLOW), /"caught-up","state":"done"/)
  await head.assertWhole(made)
  const images = head.told().flatMap((told) => (told.type === 'task' ? [told.task.image] : []))
  assert.ok(images.length > 0)
  for (const image of images) assert.match(image!, /node.*@sha256:[0-9a-f]{64}$/)
  const lines = head.told().flatMap((told) => (told.type === 'log' ? [told.line.text] : []))
  assert.ok(lines.some((text) => /^2 objects of \d+\.\d MB were put into the store\n$/.test(text)))
})

test('should end with one line where nothing can come of it, and leave nothing', async (t) => {
  const made = await workshop.make(SLOW)
  const { s3, cluster, scheduler } = await kubernetes(t)
  const head = new Head(t, s3.env)
  const image = 'registry.example.org/nothing:1'
  const wishes = { ...scheduler.wishes, image } as typeof scheduler.wishes
  await head.submit(made, { ...scheduler, wishes } as SchedulerManner)
  assert.match(await head.ask(FOLLOW), /"caught-up","state":"failed"/)
  assert.match(farRun(head.folder).reason!, /registry\.example\.org\/nothing:1/)
  await eventually('no Job is left', () => cluster.jobs.length === 0)
  const elsewhere = {
    ...scheduler.wishes,
    store: { ...s3.place, bucket: 'nowhere' },
  } as typeof scheduler.wishes
  const probed = await head.ask({ verb: 'probe', how: JSON.stringify({ ...scheduler, wishes: elsewhere }) })
  assert.match(probed, /"error":.*there is no such bucket/)
})

test('should have it executed by AWS Batch', async (t) => {
  const made = await workshop.make(SLOW)
  const s3 = await startS3(t)
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = s3.env
  const account = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }
  const batch = await startBatch(t, { account, role: account })
  const to = { queue: 'spot', endpoint: batch.url, region: REGION, jobRole: ROLE, store: s3.place }
  const head = new Head(t, s3.env)
  await head.submit(made, { kind: 'aws-batch', wishes: to, ...TIMES })
  assert.match(await head.ask(FOLLOW), /"caught-up","state":"done"/)
  await head.assertWhole(made)
})
