/** Reprise's own schemas: they are schemas, which no command looks at again, and refuse what they always did. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { CLUSTER_SCHEMAS, CONFIG_SCHEMA } from '../../lab/config-schema.ts'
import { MANIFEST_SCHEMA } from '../../provenance/manifest-schema.ts'
import { compileOwn } from '../../provenance/own-schema.ts'
import { PLAN_SCHEMA } from '../../provenance/plan-schema.ts'

const CONFIGS = { config: CONFIG_SCHEMA, ...CLUSTER_SCHEMAS }
const RECORDS = { manifest: MANIFEST_SCHEMA, plan: PLAN_SCHEMA }

test('should be schemas by draft-07, in ajv’s strict mode', () => {
  for (const [name, schema] of Object.entries(RECORDS)) {
    const ajv = new Ajv({ strict: true, logger: false })
    assert.equal(ajv.validateSchema(schema), true, name)
    ajv.compile(schema)
  }
  for (const [name, schema] of Object.entries(CONFIGS)) {
    const ajv = new Ajv({ strict: true, strictRequired: false, logger: false })
    assert.equal(ajv.validateSchema(schema), true, name)
    ajv.compile(schema)
  }
})

test('should refuse a keyword that is none, and tell where a value does not fit', () => {
  assert.throws(() => compileOwn({ type: 'object', propertes: {} }), /unknown keyword: "propertes"/)
  const fits = compileOwn<{ n: number }>({
    type: 'object',
    properties: { n: { type: 'integer', minimum: 1 } },
  })
  assert.equal(fits({ n: 2 }), true)
  assert.equal(fits({ n: 0 }), false)
  assert.deepEqual([fits.errors?.[0]?.instancePath, fits.errors?.[0]?.message], ['/n', 'must be >= 1'])
})
