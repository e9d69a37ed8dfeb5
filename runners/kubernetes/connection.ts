/**
 * Which cluster is spoken to, and as whom: as kubectl has it. What a kubeconfig may say is manifold (certificates, tokens,
 * programs that give them, proxies), so it is read and applied by Kubernetes' own client. Nothing of it is ever recorded.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { RepriseError } from '../../lib/errors.ts'
import type { KubernetesWishes } from './profile.ts'

export interface Connection {
  /** URL of the API, without a slash at its end. */
  readonly server: string
  /** The cluster's name in the kubeconfig. */
  readonly cluster: string
  readonly context: string
  readonly namespace: string
  /** Fills in the options of a request: credentials, certificates, proxy. May have a program executed that gives them. */
  authorize(options: Authorized): Promise<void>
}

/** What `authorize` fills in. */
export type Authorized = Parameters<KubeConfig['applyToHTTPSOptions']>[0]

/** What client-node falls back to where it finds nothing at all. */
const NOWHERE = 'http://localhost:8080'

/** Throws `usage` where there is no such kubeconfig or context. */
export function connect({ kubeconfig, context, namespace }: KubernetesWishes): Connection {
  const config = new KubeConfig()
  try {
    if (kubeconfig === undefined) config.loadFromDefault()
    else config.loadFromFile(kubeconfig.replace(/^~(?=\/)/, homedir()))
  } catch (error) {
    throw unusable(kubeconfig ?? usualPath(), `cannot be read: ${(error as Error).message}`, error)
  }
  const where = kubeconfig ?? usualPath()
  if (kubeconfig === undefined && config.getCurrentCluster()?.server === NOWHERE)
    throw unusable(where, 'is not there')
  const names = config.getContexts().map(({ name }) => name)
  const name = context ?? config.getCurrentContext()
  if (name === undefined || name === '')
    throw unusable(where, 'has no current context', null, `Name one in \`context\`: ${listOf(names)}`)
  if (!names.includes(name))
    throw unusable(
      where,
      `has no context ${name}`,
      null,
      `It has ${listOf(names)}; see \`context\` of the profile`,
    )
  config.setCurrentContext(name)
  const cluster = config.getCurrentCluster()
  if (cluster === null || config.getCurrentUser() === null)
    throw unusable(where, `does not say what cluster or user context ${name} means`)
  return {
    server: cluster.server,
    cluster: cluster.name,
    context: name,
    namespace: namespace ?? config.getContextObject(name)?.namespace ?? 'default',
    authorize: (options) => config.applyToHTTPSOptions(options),
  }
}

function usualPath(): string {
  const named = process.env.KUBECONFIG
  return named === undefined || named === '' ? join(homedir(), '.kube', 'config') : named
}

function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  return names.slice(0, 10).join(', ') + (names.length > 10 ? ', …' : '')
}

function unusable(path: string, what: string, cause: unknown = null, remedy?: string): RepriseError {
  return new RepriseError('usage', `the kubeconfig ${what}`, {
    subject: path,
    remedy:
      remedy ??
      'Name the right one in `kubeconfig` of the profile or in KUBECONFIG; see whether kubectl can use it',
    ...(cause === null ? {} : { cause }),
  })
}
