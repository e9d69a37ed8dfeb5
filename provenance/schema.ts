/**
 * The result schema's validator as source text: compiled by ajv where the capsule is made, so that the engine
 * carries neither ajv nor a compiler, and nobody ever compiles a schema that came from elsewhere.
 */
import { RepriseError } from '../lib/errors.ts'

/** Source of an ES module whose default export validates a result. Throws `invalid-experiment` for a bad schema. */
export async function validatorSource(schema: Readonly<Record<string, unknown>>): Promise<string> {
  const { Ajv } = await import('ajv')
  const { default: standalone } = await import('ajv/dist/standalone/index.js')
  try {
    const ajv = new Ajv({
      strict: true,
      strictRequired: false,
      logger: false,
      code: { source: true, esm: true, lines: true },
    })
    const validate = ajv.compile(schema)
    return (standalone as unknown as { default: typeof standalone.default }).default(ajv, validate)
  } catch (cause) {
    throw new RepriseError('invalid-experiment', (cause as Error).message, {
      subject: 'result',
      remedy: 'Give a JSON Schema (draft-07) that ajv accepts in strict mode',
      cause,
    })
  }
}
