/**
 * What an API server keeps: objects, each with a version out of one sequence, and what became of them, for as long as it
 * remembers. Objects are never changed in place; whoever was given one keeps it as it was.
 */
import { randomUUID } from 'node:crypto'
import { alreadyExists, expired, notFound } from './refusal.ts'
import { apiVersionOf, RESOURCES, type Resource, stamp, type Thing } from './things.ts'

export interface Change {
  readonly version: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly resource: Resource
  readonly object: Thing
  /** As it was before. */
  readonly previous: Thing | null
}

const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ''}/${name}`

export class Registry {
  readonly #things = new Map<Resource, Map<string, Thing>>()
  readonly #listeners = new Set<(change: Change) => void>()
  readonly #most: number
  #changes: Change[] = []
  #version = 1
  /** Changes up to this one are forgotten. */
  #forgotten = 0

  /** `most`: changes that it remembers. */
  constructor(most: number) {
    this.#most = most
    for (const resource of Object.keys(RESOURCES) as Resource[]) this.#things.set(resource, new Map())
  }

  get version(): number {
    return this.#version
  }

  get<T extends Thing>(resource: Resource, namespace: string | undefined, name: string): T {
    const found = this.find<T>(resource, namespace, name)
    if (found === null) throw notFound(resource, name)
    return found
  }

  find<T extends Thing>(resource: Resource, namespace: string | undefined, name: string): T | null {
    return (this.#things.get(resource)!.get(keyOf(namespace, name)) as T | undefined) ?? null
  }

  /** By namespace and name, as etcd has them. */
  list<T extends Thing>(resource: Resource, namespace?: string): T[] {
    const all = [...this.#things.get(resource)!.entries()]
    return all
      .filter(([key]) => namespace === undefined || key.startsWith(`${namespace}/`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, thing]) => thing as T)
  }

  /** Those of an owner, in no order. */
  ownedBy<T extends Thing>(resource: Resource, uid: string): T[] {
    const all = [...this.#things.get(resource)!.values()] as T[]
    return all.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid))
  }

  /** Throws AlreadyExists. */
  create<T extends Thing>(
    resource: Resource,
    thing: Omit<T, keyof Thing> & { metadata: Partial<T['metadata']> },
  ): T {
    const metadata = {
      ...copyOf(thing.metadata),
      name: thing.metadata.name ?? `${thing.metadata.generateName}${letters(5)}`,
      uid: thing.metadata.uid ?? randomUUID(),
      creationTimestamp: stamp(),
      resourceVersion: '',
    }
    const key = keyOf(metadata.namespace, metadata.name)
    if (this.#things.get(resource)!.has(key)) throw alreadyExists(resource, metadata.name)
    const { kind } = RESOURCES[resource]
    const made = {
      ...copyOf(thing),
      apiVersion: apiVersionOf(resource),
      kind,
      metadata,
    } as unknown as T
    this.#put('ADDED', resource, made, null)
    return made
  }

  /** Changes a copy and keeps it; what is left as it was is no change. Null when there is no such object (any more). */
  update<T extends Thing>(
    resource: Resource,
    { metadata: { namespace, name, uid } }: Thing,
    change: (draft: T) => void,
  ): T | null {
    const before = this.find<T>(resource, namespace, name)
    if (before === null || before.metadata.uid !== uid) return null
    const draft = copyOf(before)
    change(draft)
    if (JSON.stringify(draft) === JSON.stringify(before)) return before
    this.#put('MODIFIED', resource, draft, before)
    return draft
  }

  remove(resource: Resource, { metadata: { namespace, name, uid } }: Thing): void {
    const before = this.find(resource, namespace, name)
    if (before === null || before.metadata.uid !== uid) return
    this.#things.get(resource)!.delete(keyOf(namespace, name))
    this.#record('DELETED', resource, copyOf(before), before)
  }

  /** What happened after a version. Throws Expired when that is forgotten. */
  since(version: number, resource: Resource): Change[] {
    if (version < this.#forgotten) throw expired(version, this.#forgotten)
    return this.#changes.filter((change) => change.version > version && change.resource === resource)
  }

  /** Forgets all that happened, as a compaction does. */
  compact(): void {
    this.#changes = []
    this.#forgotten = ++this.#version
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #put(type: Change['type'], resource: Resource, thing: Thing, previous: Thing | null): void {
    this.#things.get(resource)!.set(keyOf(thing.metadata.namespace, thing.metadata.name), thing)
    this.#record(type, resource, thing, previous)
  }

  #record(type: Change['type'], resource: Resource, object: Thing, previous: Thing | null): void {
    const version = ++this.#version
    object.metadata.resourceVersion = String(version)
    const change = { version, type, resource, object, previous }
    this.#changes.push(change)
    if (this.#changes.length > this.#most) this.#forgotten = this.#changes.shift()!.version
    for (const listener of [...this.#listeners]) listener(change)
  }
}

/** All of it, but its texts, some of which are long. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)])) as T
}

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789' // as Kubernetes makes names, without vowels

function letters(count: number): string {
  const bytes = Buffer.from(randomUUID().replaceAll('-', ''), 'hex')
  return [...bytes.subarray(0, count)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
}
