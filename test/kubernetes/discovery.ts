/** What an API server says of itself: its version, its groups, its resources. */
import { RESOURCES, type Resource } from './things.ts'

const VERBS: Readonly<Partial<Record<Resource, readonly string[]>>> = {
  jobs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  pods: ['delete', 'get', 'list', 'watch'],
}

/** Null for a path that says nothing of the kind. */
export function discover(path: string, minor: number): object | string | null {
  switch (path) {
    case '/version':
      return {
        major: '1',
        minor: String(minor),
        gitVersion: `v1.${minor}.1`,
        gitCommit: '0'.repeat(40),
        gitTreeState: 'clean',
        buildDate: '2026-01-01T00:00:00Z',
        goVersion: 'go1.24.0',
        compiler: 'gc',
        platform: 'linux/amd64',
      }
    case '/healthz':
    case '/livez':
    case '/readyz':
      return 'ok'
    case '/api':
      return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
    case '/apis':
      return {
        kind: 'APIGroupList',
        apiVersion: 'v1',
        groups: ['batch', 'authorization.k8s.io'].map(groupOf),
      }
    case '/apis/batch':
      return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf('batch') }
    case '/api/v1':
      return resourcesOf('', 'v1')
    case '/apis/batch/v1':
      return resourcesOf('batch', 'batch/v1')
    default:
      return null
  }
}

function groupOf(name: string): object {
  const version = { groupVersion: `${name}/v1`, version: 'v1' }
  return { name, versions: [version], preferredVersion: version }
}

function resourcesOf(group: string, groupVersion: string): object {
  const named = Object.entries(RESOURCES).filter(([, each]) => each.group === group)
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: named.map(([name, { kind, namespaced }]) => ({
      name,
      singularName: kind.toLowerCase(),
      namespaced,
      kind,
      verbs: VERBS[name as Resource] ?? ['get', 'list', 'watch'],
    })),
  }
}
