/** A stand-in of AWS Batch with an engine before it, for tests: what its containers do, and waiting for what becomes of them. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import type { ArrayEngine, TaskLook } from '../../../runners/array/engine.ts'
import { batchEngine, type BatchOptions as EngineOptions } from '../../../runners/aws-batch/engine.ts'
import type { BatchWishes } from '../../../runners/aws-batch/profile.ts'
import { type BatchOptions, type BatchStandIn, REGION, startBatch } from '../../aws/batch-server.ts'
import { until } from '../../sshd/processes.ts'

/** Says what it was given, and does what the array's number asks for: 1 ends, 2 waits, 3 fails, 4 will not get better. */
const PROGRAM = `
const { REPRISE_ARRAY: array, AWS_BATCH_JOB_ARRAY_INDEX: index = '0', ...env } = process.env
console.log('array ' + array + ', task ' + index + ', attempt ' + env.AWS_BATCH_JOB_ATTEMPT + ' of ' + env.AWS_BATCH_JOB_ID)
console.log(JSON.stringify(Object.keys(process.env).sort()))
if (array === '2') setInterval(() => {}, 1000)
if (array === '3') process.exitCode = 3
if (array === '4') process.exitCode = 78
`

export class Stage {
  readonly batch: BatchStandIn
  readonly engine: ArrayEngine
  readonly #t: TestContext
  readonly #wishes: Partial<BatchWishes>

  constructor(t: TestContext, batch: BatchStandIn, wishes: Partial<BatchWishes>) {
    this.#t = t
    this.#wishes = wishes
    this.batch = batch
    this.engine = this.another()
  }

  /** An engine of the same run, as after a restart; with other wishes. */
  another(wishes: Partial<BatchWishes> = {}, more: Partial<EngineOptions> = {}): ArrayEngine {
    const own = { queue: 'spot', endpoint: this.batch.url, region: REGION, store: STORE }
    const engine = batchEngine({
      wishes: { ...own, ...this.#wishes, ...wishes },
      run: 'r1',
      container: (array) => ({
        command: ['node', '-e', PROGRAM],
        env: { REPRISE_ARRAY: String(array), REPRISE_PROGRAM: 'x', GREETING: "it's $x" },
      }),
      ...more,
    })
    this.#t.after(() => engine.close?.())
    return engine
  }

  async submit(array: number, count: number, name = `reprise-test-${array}`): Promise<string> {
    const order = { name, array, count }
    await this.engine.stage(order)
    return await this.engine.submit(order)
  }

  async looks(handle: string): Promise<TaskLook[]> {
    const looks = (await this.engine.status([handle])).get(handle) ?? new Map<number, TaskLook>()
    return [...looks].sort(([a], [b]) => a - b).map(([, look]) => look)
  }

  /** The looks at all tasks of an array, once they are so. */
  untilAll(handle: string, ...states: TaskLook['state'][]): Promise<TaskLook[]> {
    return until(`tasks are ${states.join(' or ')}`, async () => {
      const looks = await this.looks(handle)
      return looks.length > 0 && looks.every(({ state }) => states.includes(state)) ? looks : null
    })
  }
}

export const STORE = { bucket: 'nowhere' }
export const ROLE = 'arn:aws:iam::123456789012:role/reprise-task'

/** With credentials in this process's environment, where the SDK looks for them first. */
export async function setStage(
  t: TestContext,
  options: BatchOptions = {},
  wishes: Partial<BatchWishes> = {},
): Promise<Stage> {
  const batch = await startBatch(t, options)
  Object.assign(process.env, batch.env, { AWS_EC2_METADATA_DISABLED: 'true' })
  return new Stage(t, batch, wishes)
}

/** Of an error: its code, and its one line. */
export const refused = (code: string, line: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RepriseError)
  assert.equal(error.code, code, error.line)
  assert.match(error.line, line)
  assert.ok(!error.line.includes('\n'))
  return true
}
