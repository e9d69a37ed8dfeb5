/** A watch: what changes, a line for each change, from a version on, for as long as it was asked for. */
import type { ServerResponse } from 'node:http'
import type { Faults } from './faults.ts'
import { selectorOf } from './listing.ts'
import { isTrue } from './path.ts'
import { expired, Refusal } from './refusal.ts'
import type { Change, Registry } from './registry.ts'
import { apiVersionOf, RESOURCES, type Resource, type Thing } from './things.ts'

export interface WatchSettings {
  readonly bookmarkMs: number
  /** Settles when the server answers again. */
  thawed(): Promise<void>
}

/** Throws Expired where the version is forgotten and faults say that this is the answer's status. */
export function watch(
  response: ServerResponse,
  registry: Registry,
  faults: Faults,
  {
    resource,
    namespace,
    query,
  }: { resource: Resource; namespace: string | undefined; query: URLSearchParams },
  settings: WatchSettings,
): void {
  const selects = selectorOf(query)
  const mine = (change: Change) =>
    change.resource === resource &&
    (namespace === undefined || change.object.metadata.namespace === namespace)
  const asked = query.get('resourceVersion') ?? ''
  const gone = faults.goneWatches > 0 ? faults.goneAs : null
  if (gone !== null) faults.goneWatches--
  if (gone === 'status') throw expired(Number(asked), registry.version)

  let sent = 0
  let last = Number(asked)
  let done = false
  let ending = false
  let queue = Promise.resolve()
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
  response.flushHeaders()
  const write = (type: string, object: object) => {
    if (ending) return
    queue = queue.then(async () => {
      await settings.thawed()
      if (!done) response.write(`${JSON.stringify({ type, object })}\n`)
    })
  }
  const end = () => {
    ending = true
    queue = queue.then(() => {
      if (!done) response.end()
    })
  }
  const goneNow = (refusal: Refusal) => {
    write('ERROR', refusal.status)
    end()
  }
  const send = (type: Change['type'], object: Thing) => {
    write(type, object)
    sent++
    if (gone === 'event') goneNow(expired(last, registry.version))
    else if (faults.watchEvents !== null && sent >= faults.watchEvents) end()
  }
  const see = (change: Change) => {
    if (ending || !mine(change)) return
    last = change.version
    const is = change.type !== 'DELETED' && selects(change.object)
    const was = change.previous !== null && selects(change.previous)
    if (is) send(was ? 'MODIFIED' : 'ADDED', change.object)
    else if (was) send('DELETED', withVersion(change.previous!, change.version))
  }
  const bookmark = () => {
    const { kind } = RESOURCES[resource]
    const metadata = { resourceVersion: String(registry.version), creationTimestamp: null }
    if (isTrue(query.get('allowWatchBookmarks')))
      write('BOOKMARK', { kind, apiVersion: apiVersionOf(resource), metadata })
  }

  const stopListening = registry.listen(see)
  const bookmarks = setInterval(bookmark, settings.bookmarkMs)
  const seconds = Number(query.get('timeoutSeconds') ?? 1800)
  const over = setTimeout(() => {
    bookmark()
    end()
  }, seconds * 1000)
  response.once('close', () => {
    done = true
    stopListening()
    clearInterval(bookmarks)
    clearTimeout(over)
  })

  if (asked === '' || asked === '0')
    for (const thing of registry.list(resource, namespace).filter(selects)) send('ADDED', thing)
  else
    try {
      for (const change of registry.since(Number(asked), resource)) see(change)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      goneNow(error)
    }
}

function withVersion(thing: Thing, version: number): Thing {
  return { ...thing, metadata: { ...thing.metadata, resourceVersion: String(version) } }
}
