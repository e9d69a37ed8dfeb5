/** Lists: selected, in pieces that go on where the last one ended, as of the version at which the first was asked for. */
import { badRequest, expired, expiredContinue } from './refusal.ts'
import type { Registry } from './registry.ts'
import { fieldSelector, labelSelector, type Selector } from './selector.ts'
import { apiVersionOf, RESOURCES, type Resource, type Thing } from './things.ts'

interface Going {
  readonly rv: number
  readonly start: string
}

export function selectorOf(query: URLSearchParams): Selector {
  const byLabel = labelSelector(query.get('labelSelector') ?? '')
  const byField = fieldSelector(query.get('fieldSelector') ?? '')
  return (thing) => byLabel(thing) && byField(thing)
}

/** Lists whose first piece was asked for at a version, so that the others are of the same time. */
export class Lists {
  readonly #registry: Registry
  readonly #kept = new Map<string, readonly Thing[]>()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** From now on nothing that was begun can be gone on with. */
  forget(): void {
    this.#kept.clear()
  }

  /** Throws Expired where it cannot go on, BadRequest for a selector that is none. */
  list(resource: Resource, namespace: string | undefined, query: URLSearchParams): object {
    const limit = Number(query.get('limit') ?? 0)
    const going = readGoing(query.get('continue') ?? '')
    const asked = Number(query.get('resourceVersion') ?? 0)
    if (going === null && asked > this.#registry.version + 1000) throw expired(asked, this.#registry.version)
    const version = going?.rv ?? this.#registry.version
    const key = `${resource} ${namespace ?? '*'} ${version} ${query.get('labelSelector') ?? ''}`
    const all =
      going === null
        ? this.#registry.list(resource, namespace).filter(selectorOf(query))
        : this.#kept.get(key)
    if (all === undefined) throw expiredContinue()
    const from = going === null ? 0 : all.findIndex((thing) => keyOf(thing) >= going.start)
    const piece = limit > 0 ? all.slice(from, from + limit) : all.slice(from)
    const next = all[from + piece.length]
    if (next !== undefined) this.#kept.set(key, all)
    const more =
      next === undefined
        ? {}
        : {
            continue: writeGoing({ rv: version, start: keyOf(next) }),
            remainingItemCount: all.length - from - piece.length,
          }
    const { kind } = RESOURCES[resource]
    return {
      kind: `${kind}List`,
      apiVersion: apiVersionOf(resource),
      metadata: { resourceVersion: String(version), ...more },
      items: piece.map(({ apiVersion: _, kind: __, ...thing }) => thing),
    }
  }
}

const keyOf = ({ metadata }: Thing) => `${metadata.namespace ?? ''}/${metadata.name}`

const writeGoing = (going: Going) => Buffer.from(JSON.stringify(going)).toString('base64url')

function readGoing(text: string): Going | null {
  if (text === '') return null
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Going
  } catch {
    throw badRequest('continue key is not valid: invalid character')
  }
}
