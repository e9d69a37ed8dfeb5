/** The source of provenance/shapes.ts as plain code: what ajv makes of the schemas, with the little that it needs, and no compiler. */
import { join } from 'node:path'
import { MANIFEST_SCHEMA } from '../provenance/manifest-schema.ts'
import { PLAN_SCHEMA } from '../provenance/plan-schema.ts'

/** By the names under which shapes.ts exports them. */
const SCHEMAS = { isManifest: MANIFEST_SCHEMA, isPlan: PLAN_SCHEMA }

/** An ES module that exports what shapes.ts does. `root` is where Reprise lies, with its packages. */
export async function shapesSource(root: string): Promise<string> {
  const [{ Ajv }, { default: standalone }, { buildSync }] = await Promise.all([
    import('ajv'),
    import('ajv/dist/standalone/index.js'),
    import('esbuild'),
  ])
  const ajv = new Ajv({ strict: true, logger: false, code: { source: true, esm: true } })
  for (const [name, schema] of Object.entries(SCHEMAS)) ajv.addSchema(schema, name)
  const names = Object.fromEntries(Object.keys(SCHEMAS).map((name) => [name, name]))
  const made = (standalone as unknown as { default: typeof standalone.default }).default(ajv, names)
  const { outputFiles } = buildSync({
    stdin: { contents: made, resolveDir: join(root, 'provenance') },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'ascii',
    minify: true,
    tsconfigRaw: {},
    logLevel: 'silent',
    write: false,
  })
  return outputFiles[0]!.text
}
