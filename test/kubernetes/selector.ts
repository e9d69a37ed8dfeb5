/** Label selectors, by equality and by set, and field selectors, as they stand in a query. */
import { badRequest } from './refusal.ts'
import type { Thing } from './things.ts'

export type Selector = (thing: Thing) => boolean

/** Throws BadRequest for what is none. */
export function labelSelector(text: string): Selector {
  const tests = partsOf(text).map(labelTest)
  return ({ metadata: { labels = {} } }) => tests.every((test) => test(labels))
}

/** Splits at the commas that are not inside parentheses. */
function partsOf(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

const NAME = '(?:[a-z0-9.-]+/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?'
const SET = new RegExp(`^(${NAME})\\s+(in|notin)\\s+\\(([^()]*)\\)$`)
const EQUAL = new RegExp(`^(${NAME})\\s*(==|=|!=)\\s*([-A-Za-z0-9_.]*)$`)
const THERE = new RegExp(`^(!?)(${NAME})$`)

function labelTest(part: string): (labels: Record<string, string>) => boolean {
  const set = SET.exec(part)
  if (set !== null) {
    const values = set[3]!.split(',').map((value) => value.trim())
    const key = set[1]!
    return set[2] === 'in'
      ? (labels) => key in labels && values.includes(labels[key]!)
      : (labels) => !(key in labels && values.includes(labels[key]!))
  }
  const equal = EQUAL.exec(part)
  if (equal !== null) {
    const [, key, operator, value] = equal as unknown as [string, string, string, string]
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value
  }
  const there = THERE.exec(part)
  if (there !== null) return (labels) => there[2]! in labels === (there[1] === '')
  throw badRequest(`unable to parse requirement: ${part}`)
}

/** Fields of which a server selects. */
const FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'spec.nodeName',
  'status.phase',
  'involvedObject.kind',
  'involvedObject.name',
  'involvedObject.uid',
  'reason',
  'type',
]

/** Throws BadRequest for a field by which nothing is selected. */
export function fieldSelector(text: string): Selector {
  const tests = partsOf(text).map((part) => {
    const [, field, operator, value] = /^([A-Za-z.]+)(==|=|!=)(.*)$/.exec(part) ?? []
    if (field === undefined) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`)
    if (!FIELDS.includes(field)) throw badRequest(`field label not supported: ${field}`)
    return (thing: Thing) => (String(fieldOf(thing, field) ?? '') === value) === (operator !== '!=')
  })
  return (thing) => tests.every((test) => test(thing))
}

/** `metadata.labels['x']`, `spec.nodeName`: undefined when it is not there. */
export function fieldOf(thing: object, path: string): unknown {
  const keys = [...path.matchAll(/\['([^']+)'\]|([^.[\]]+)/g)].map((each) => each[1] ?? each[2]!)
  let value: unknown = thing
  for (const key of keys) value = (value as Record<string, unknown> | undefined | null)?.[key]
  return value
}
