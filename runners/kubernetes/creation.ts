/**
 * Why Kubernetes makes no pods of a Job: only its events tell, such as that a quota is used up. They are asked for now and then,
 * while a Job has none, and nothing waits for that; who may not read them does not get to know.
 */
import type { KubernetesApi } from './api.ts'
import { oneLine } from './failures.ts'
import type { Trouble } from './pod.ts'

/** Between two looks at the same Job, ms. */
const EVERY_MS = 10_000
/** It will not pass: a service account that is not there, a policy of the namespace. */
const CERTAIN =
  /serviceaccount "[^"]*" not found|error looking up service account|violates PodSecurity|is invalid|denied the request|must specify|per (Pod|Container) is|secrets? "[^"]*" not found/i
const MOST = 300

export class Creation {
  readonly #api: KubernetesApi
  readonly #asked = new Map<string, number>()
  readonly #found = new Map<string, Trouble>()

  constructor(api: KubernetesApi) {
    this.#api = api
  }

  /** What is known by now of a Job that has no pods; asks anew where that is long ago. */
  of(job: string, now = performance.now()): Trouble | null {
    const last = this.#asked.get(job)
    if (last === undefined || now - last >= EVERY_MS) {
      this.#asked.set(job, now)
      void this.#look(job).catch(() => {}) // words beside the matter
    }
    return this.#found.get(job) ?? null
  }

  async #look(job: string): Promise<void> {
    const { namespace } = this.#api.connection
    const fieldSelector = `involvedObject.kind=Job,involvedObject.name=${job},reason=FailedCreate`
    const answer = await this.#api.get(`/api/v1/namespaces/${namespace}/events`, { fieldSelector, limit: 20 })
    const { items } = (answer ?? {}) as { items?: unknown }
    const message = lastOf((Array.isArray(items) ? items : []) as readonly (Event | null)[])
    if (message === null) return
    this.#found.set(job, {
      kind: 'configuration',
      words: oneLine(message, MOST),
      certain: CERTAIN.test(message),
    })
  }
}

interface Event {
  readonly message?: unknown
  readonly lastTimestamp?: unknown
  readonly eventTime?: unknown
}

/** What was said last: events are listed by their names. Those that do not say when go before all others. */
function lastOf(events: readonly (Event | null)[]): string | null {
  let [last, at] = [null as string | null, Number.NEGATIVE_INFINITY]
  for (const event of events) {
    const said = Date.parse(String(event?.lastTimestamp ?? event?.eventTime ?? ''))
    const time = Number.isNaN(said) ? Number.MIN_SAFE_INTEGER : said
    if (typeof event?.message === 'string' && time >= at) [last, at] = [event.message, time]
  }
  return last
}
