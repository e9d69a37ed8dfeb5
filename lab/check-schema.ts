/** Whether a value is what its schema allows, told in words: which file, where in it, and what is allowed there. */
import type { ErrorObject, ValidateFunction } from 'ajv'
import { RepriseError } from '../lib/errors.ts'
import { compileOwn } from '../provenance/own-schema.ts'

type Check = ValidateFunction<unknown>
const compiled = new Map<object, Check>()

/** A schema as a function, made when it is first needed. */
function checkOf(schema: object): Check {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const check = compileOwn<unknown>(schema, { strictRequired: false, verbose: true })
  compiled.set(schema, check)
  return check
}

/** Throws `usage` for a value that its schema does not allow. */
export function demand(schema: object, value: unknown, file: string, place: string): void {
  const check = checkOf(schema)
  if (check(value)) return
  // The last is the one that encloses the others: an alternative, a name. Which branch was taken says nothing.
  throw wrong(file, ...faultOf(check.errors!.findLast(({ keyword }) => keyword !== 'if')!, place))
}

/** Where, what is wrong with it, and what is allowed. */
function faultOf(
  { instancePath, keyword, params, parentSchema }: ErrorObject,
  place: string,
): [string, string] {
  const at = [...(place === '' ? [] : [place]), ...instancePath.split('/').slice(1).map(unescaped)]
  const where = at.reduce(
    (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
    '',
  )
  const allowed = String(parentSchema?.description)
  if (keyword === 'additionalProperties') {
    const known = Object.keys((parentSchema?.properties as object) ?? {}).filter((name) => name !== '$schema')
    return [where, `has no field ${quoted(params.additionalProperty)}; it may have ${known.join(', ')}`]
  }
  if (keyword === 'required')
    return [where, `lacks the field ${quoted(params.missingProperty)}; it must be ${allowed}`]
  if (keyword === 'propertyNames') {
    const names = parentSchema?.propertyNames as { description?: string } | undefined
    return [where, `has the name ${quoted(params.propertyName)}; a name must be ${names?.description}`]
  }
  return [where, `must be ${allowed}`]
}

const unescaped = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~')
/** Neither ends a line nor turns it round. */
const quoted = (text: unknown) => JSON.stringify(String(text).slice(0, 80)).replace(/\p{C}/gu, '�')

export function wrong(file: string, where: string, what: string): RepriseError {
  return new RepriseError('usage', what, { subject: where === '' ? file : `${file}: ${where}` })
}
