/**
 * Pods that wait for what will never come: an image that is none, a secret that is not there. All pods of a Job want the
 * same, so where none of them ever began, nothing will; that is said within a minute, and not after an hour.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { Connection } from './connection.ts'
import { subjectOf } from './failures.ts'
import { imageOf } from './job.ts'
import type { Pod, Trouble } from './pod.ts'
import type { KubernetesWishes } from './profile.ts'

/** Wrong by its form: waiting makes it no better. */
const AT_ONCE = /^InvalidImageName/

export interface Waiting {
  readonly connection: Connection
  readonly wishes: KubernetesWishes
  /** How long it may be so, ms: who has just made the secret is not to be told that there is none. */
  readonly patienceMs: number
}

export class Hopes {
  readonly #with: Waiting
  #since: number | null = null
  #began = false

  constructor(waiting: Waiting) {
    this.#with = waiting
  }

  /**
   * `pods`: those of all Jobs that are asked about; `refused`: why Kubernetes makes none, if it says so. Throws `usage` where nothing will ever begin.
   */
  look(pods: readonly Pod[], refused: Trouble | null, now = performance.now()): void {
    if (this.#began) return
    this.#began = pods.some(
      ({ state, image }) => image !== null || (state !== 'pending' && state !== 'unknown'),
    )
    const waiting = pods.filter(({ node, trouble }) => node !== null || trouble?.kind === 'image')
    const troubles = waiting.map(({ trouble }) => trouble)
    const hopeless =
      refused?.certain === true || (troubles.length > 0 && troubles.every((each) => each?.certain === true))
    if (this.#began || !hopeless) {
      this.#since = null
      return
    }
    const trouble = troubles[0] ?? refused!
    this.#since ??= now
    if (now - this.#since >= this.#with.patienceMs || AT_ONCE.test(trouble.words)) throw this.#error(trouble)
  }

  #error({ kind, words }: Trouble): RepriseError {
    const { connection, wishes } = this.#with
    const [what, remedy] =
      kind === 'image'
        ? [
            `image ${imageOf(wishes)} cannot be had: ${words}`,
            'See `image` of the profile; for a private registry, `imagePullSecrets` of its `template`',
          ]
        : [
            `no task can begin: ${words}`,
            `See \`secretName\`, \`serviceAccount\` and \`template\` of the profile, and \`kubectl --context ${connection.context} --namespace ${connection.namespace} get secrets,serviceaccounts\``,
          ]
    return new RepriseError('usage', what, { subject: subjectOf(connection), remedy })
  }
}

/** What to do about what a pod waits for. */
export function stuckWords({ kind, words }: Trouble): string {
  if (kind === 'room')
    return `${words}. Ask for less in \`resources\` of the profile, or see that its nodes have room`
  if (kind === 'image') return `${words}. See \`image\` of the profile`
  return `${words}. See \`secretName\` and \`template\` of the profile`
}
