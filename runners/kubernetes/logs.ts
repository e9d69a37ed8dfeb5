/** The end of what a task printed: of the newest of its pods that printed anything. */
import type { KubernetesApi } from './api.ts'
import { refusalOf } from './failures.ts'
import { INDEX, type Pod, readPod } from './pod.ts'
import { TASK_CONTAINER } from './template.ts'
import { podsPath } from './view.ts'

/** At most so many lines, and of them the last bytes. */
const LINES = 500
const BYTES = 65_536
/** Pods are asked for so many at a time. */
const PAGE = 500

export interface WhichTask {
  /** Selects the pods of an array. */
  readonly labelSelector: string
  readonly index: number
  /** Whether the server gives pods their index as a label, too; since 1.28. */
  readonly labelled: boolean
}

/** Empty where there is nothing (any more). Throws `engine`, `usage` where it cannot be asked, or may not. */
export async function lastWords(api: KubernetesApi, task: WhichTask): Promise<string> {
  const pods = await podsOf(api, task)
  for (const { name } of pods.sort((a, b) => (a.created < b.created ? 1 : -1))) {
    const path = `${podsPath(api.connection.namespace)}/${name}/log`
    const text = await api.text(path, { container: TASK_CONTAINER, tailLines: LINES }, BYTES)
    if (typeof text === 'string' && text !== '') return text
    if (typeof text !== 'string' && text.status !== 404 && text.status !== 400)
      throw refusalOf(api.connection, text) // those two: it is gone, or has not begun
  }
  return ''
}

async function podsOf(api: KubernetesApi, { labelSelector, index, labelled }: WhichTask): Promise<Pod[]> {
  const found: Pod[] = []
  const selector = labelled ? `${labelSelector},${INDEX}=${index}` : labelSelector
  for (let from: string | undefined; ; ) {
    const query = { labelSelector: selector, limit: PAGE, continue: from }
    const page = ((await api.get(podsPath(api.connection.namespace), query)) ?? {}) as {
      items?: unknown
      metadata?: { continue?: unknown }
    }
    for (const item of Array.isArray(page.items) ? page.items : []) {
      const pod = readPod(item)
      if (pod?.index === index) found.push(pod)
    }
    const next = page.metadata?.continue
    if (typeof next !== 'string' || next === '') return found
    from = next
  }
}
