/**
 * Reprise's own schemas as functions. Every command that reads a record compiles one, so what costs without changing an
 * answer is left out: the check of the schema itself (the tests do that) and passes that shorten the code.
 */
import { Ajv, type Options, type ValidateFunction } from 'ajv'

const QUICK: Options = {
  strict: true,
  logger: false,
  meta: false,
  validateSchema: false,
  code: { optimize: false },
}

/** `schema`, which must be Reprise's own, as a function. It takes a twentieth of a second: make it when it is needed. */
export function compileOwn<T>(schema: object, options: Options = {}): ValidateFunction<T> {
  return new Ajv({ ...QUICK, ...options }).compile<T>(schema)
}
