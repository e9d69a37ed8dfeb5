/**
 * The shapes of records that come from elsewhere, by our own schemas. The build puts plain code in the place of what this
 * file becomes (build/shapes.ts): to compile a schema takes a command a twentieth of a second, and a page whose policy
 * forbids code that is put together while it runs cannot do it at all. Without that step they are compiled when first asked.
 */
import type { Manifest } from './manifest.ts'
import { MANIFEST_SCHEMA } from './manifest-schema.ts'
import { compileOwn } from './own-schema.ts'
import { PLAN_SCHEMA } from './plan-schema.ts'
import type { Shape } from './shape.ts'

export const isManifest: Shape<Manifest> = lazily(MANIFEST_SCHEMA)
export const isPlan: Shape = lazily(PLAN_SCHEMA)

function lazily<T>(schema: object): Shape<T> {
  let made: Shape<T> | undefined
  const shape: Shape<T> = (json): json is T => {
    made ??= compileOwn<T>(schema)
    const fits = made(json)
    shape.errors = made.errors ?? null
    return fits
  }
  return shape
}
