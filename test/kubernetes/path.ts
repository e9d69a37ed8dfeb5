/** What a request is about, by its path. */
import { RESOURCES, type Resource } from './things.ts'

export interface Target {
  readonly resource: Resource
  /** Empty at the scope of the cluster. */
  readonly namespace: string
  /** Empty for a whole collection. */
  readonly name: string
  readonly sub: string
}

/** Null for a path that is none of an object's or a collection's. */
export function targetOf(path: string): Target | null {
  const words = path.split('/').slice(1).map(decodeURIComponent)
  const core = words[0] === 'api' && words[1] === 'v1'
  const group = core ? '' : words[0] === 'apis' && words[2] === 'v1' ? words[1]! : null
  if (group === null) return null
  let rest = words.slice(core ? 2 : 3)
  let namespace = ''
  if (rest[0] === 'namespaces' && rest.length > 2) {
    namespace = rest[1]!
    rest = rest.slice(2)
  }
  const [resource = '', name = '', sub = '', ...more] = rest
  const known = RESOURCES[resource as Resource] as (typeof RESOURCES)[Resource] | undefined
  if (known === undefined || known.group !== group || more.length > 0) return null
  if (known.namespaced === (namespace === '') && name !== '') return null
  return {
    resource: resource as Resource,
    namespace: resource === 'namespaces' ? name : namespace,
    name,
    sub,
  }
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PATCH: 'patch',
  PUT: 'update',
  DELETE: 'delete',
}

/** As authorization names it. */
export function verbOf(method: string, { name }: Target, query: URLSearchParams): string {
  if (method === 'GET' || method === 'HEAD')
    return isTrue(query.get('watch')) ? 'watch' : name === '' ? 'list' : 'get'
  if (method === 'DELETE' && name === '') return 'deletecollection'
  return VERBS[method] ?? method.toLowerCase()
}

export const isTrue = (text: string | null) => text === 'true' || text === '1'
