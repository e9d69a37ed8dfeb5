/** Records for tests that execute nothing: the manifests of this repository, and such as are made of them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Exportable, findExportable } from '../../lab/export.ts'
import type { Lab } from '../../lab/lab.ts'
import { sha256Of } from '../../lab/objects.ts'
import { type Manifest, manifestBytes, withProof } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'

const MANIFESTS = fileURLToPath(new URL('../../../examples/manifests/', import.meta.url))

/** The path of a manifest that is checked in: `factorial`, `epidemic`, `python`. */
export function manifestPath(name: string): string {
  return join(MANIFESTS, `${name}.json`)
}

export function exampleRecord(lab: Lab, name: string): Exportable {
  return findExportable(lab, manifestPath(name))
}

/** The bytes of a manifest that is checked in, with some of its record changed and its digest made anew. */
export function changedManifest(name: string, change: (manifest: Manifest) => Partial<Manifest>): Uint8Array {
  const manifest = parseManifest(readFileSync(manifestPath(name)))
  const { proof: _, ...record } = { ...manifest, ...change(manifest) }
  return manifestBytes(withProof(record, {}))
}

/** A record with its capsule beside it instead of in it. */
export function recordApart(lab: Lab, folder: string, name: string): Exportable {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'manifest.json')
  const { source, sha256 } = parseManifest(readFileSync(manifestPath(name))).capsule
  const bytes = Buffer.from(source!)
  if (sha256Of(bytes) !== sha256) throw new Error('the capsule is another')
  writeFileSync(join(folder, `${sha256}.mjs`), bytes)
  writeFileSync(
    path,
    changedManifest(name, ({ capsule }) => ({ capsule: { ...capsule, source: null } })),
  )
  return findExportable(lab, path)
}
