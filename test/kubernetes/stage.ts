/** What tests of the array engine for Kubernetes share: containers that say how they were called, and waiting for what becomes of them. */
import type { ArrayEngine, TaskLook } from '../../runners/array/engine.ts'
import { type KubernetesOptions, kubernetesEngine } from '../../runners/kubernetes/engine.ts'
import type { KubernetesWishes } from '../../runners/kubernetes/profile.ts'
import { until } from '../sshd/processes.ts'
import type { Lasting } from '../sshd/site.ts'

/** A cluster that tests may use. */
export interface Site {
  readonly wishes: Partial<KubernetesWishes>
}

/** What the container of a task does, beside saying how it was called. */
export type Manner = 'end' | 'wait' | 'fail' | 'in-vain'

const MANNERS: Readonly<Record<Manner, string>> = {
  end: '',
  wait: "process.on('SIGTERM', () => { console.log('heard that it is to end'); process.exit(0) }); setInterval(() => {}, 1000)",
  fail: 'process.exitCode = 3',
  'in-vain': 'process.exitCode = 78',
}

const SAY = `const word = '$(HOME) $$ $x'; const { JOB_COMPLETION_INDEX: index, REPRISE_JOB: job, REPRISE_NODE: node, GREETING: greeting, FROM_SECRET: secret, TMPDIR } = process.env
require('node:fs').writeFileSync(require('node:path').join(TMPDIR, 'scratch'), 'x')
console.log(JSON.stringify({ index, job, node, greeting, secret, word }));`

export const RUN = '20260101T000000000-00abcd'

/** Quick where the defaults have all the time of a real cluster. */
const PATIENCE = { ask: 20_000, sync: 20_000, stuck: 500, backoff: 500 }

export function engineAt(
  t: Lasting,
  site: Site,
  wishes: Partial<KubernetesWishes> = {},
  options: Partial<KubernetesOptions> & { manner?: Manner } = {},
): ArrayEngine {
  const { manner = 'end', ...more } = options
  const engine = kubernetesEngine({
    wishes: {
      store: { bucket: 'none' },
      resources: { requests: { cpu: '100m', memory: '64Mi' } },
      ...site.wishes,
      ...wishes,
    },
    run: RUN,
    container: (array) => ({
      command: ['node', '-e', `${SAY}${MANNERS[manner]}`],
      env: { GREETING: `it's ${array}\n$(HOME) $$ $x` },
    }),
    patience: PATIENCE,
    ...more,
  })
  t.after(() => engine.close?.())
  return engine
}

/** A name unlike any other, that of a real cluster's other tests included. */
export const newName = (() => {
  let count = 0
  return () => `reprise-test-${process.pid}-${Date.now().toString(36)}-${++count}`
})()

/** Stages and submits. */
export async function submitted(
  engine: ArrayEngine,
  { array = 1, count = 1, name = newName() }: { array?: number; count?: number; name?: string } = {},
): Promise<string> {
  await engine.stage({ name, array, count })
  return engine.submit({ name, array, count })
}

/** What is known of the tasks of an array, as soon as it is so. */
export async function untilTasks(
  engine: ArrayEngine,
  handle: string,
  what: string,
  so: (looks: readonly TaskLook[]) => boolean,
  patienceMs = 120_000,
): Promise<readonly TaskLook[]> {
  let looks: readonly TaskLook[] = []
  try {
    await until(
      what,
      async () => {
        const tasks = (await engine.status([handle])).get(handle) ?? new Map<number, TaskLook>()
        looks = [...tasks].sort(([a], [b]) => a - b).map(([, look]) => look)
        return looks.length > 0 && so(looks)
      },
      patienceMs,
    )
  } catch (error) {
    if ((error as Error).name === 'RepriseError') throw error
    throw new Error(`${(error as Error).message}; it was ${JSON.stringify(looks.slice(0, 20))}`)
  }
  return looks
}

export const allAre =
  (state: string, count?: number) =>
  (looks: readonly TaskLook[]): boolean =>
    looks.every((look) => look.state === state) && (count === undefined || looks.length === count)
