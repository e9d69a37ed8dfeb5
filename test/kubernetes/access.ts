/** Who asks, by token, and what they may do, by rules as in RBAC roles. */
import type { IncomingMessage } from 'node:http'
import { forbidden, Refusal, unauthorized } from './refusal.ts'
import { RESOURCES, type Resource } from './things.ts'

/** `*` stands for all; namespaces: all when not given. */
export interface Rule {
  readonly verbs: readonly string[]
  /** With subresources as `pods/log`. */
  readonly resources: readonly string[]
  readonly namespaces?: readonly string[]
}

export interface Attributes {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly namespace: string
  readonly name: string
}

export const USER = 'tester'

/** Throws Unauthorized for a token that is none of ours. */
export function authenticate({ headers }: IncomingMessage, token: string): void {
  const [, given] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? []
  if (given !== undefined && given !== token) throw unauthorized()
  if (given === undefined)
    throw new Refusal(403, 'Forbidden', 'forbidden: User "system:anonymous" cannot get path', { details: {} })
}

export function isAllowed({ verb, resource, namespace }: Attributes, rules: readonly Rule[]): boolean {
  const holds = (list: readonly string[], word: string) => list.includes('*') || list.includes(word)
  return rules.some(
    (rule) =>
      holds(rule.verbs, verb) &&
      holds(rule.resources, resource) &&
      (rule.namespaces === undefined || holds(rule.namespaces, namespace)),
  )
}

/** Throws Forbidden, in the words of the RBAC authorizer. */
export function authorize(asked: Attributes, rules: readonly Rule[]): void {
  if (isAllowed(asked, rules)) return
  const { verb, group, resource, namespace, name } = asked
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`
  const known = resource.split('/')[0] as Resource
  throw forbidden(
    known in RESOURCES ? known : 'jobs',
    name,
    `User "${USER}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`,
  )
}
