/**
 * Content objects of a lab, named by their SHA-256: capsules (with the source map that belongs to them), input files,
 * and of the code what no commit has. They are written once, durably, and never changed.
 */
import { createHash } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import { locate } from '../provenance/locate.ts'
import { makeFolder, writeDurably } from './durable.ts'
import type { Lab } from './lab.ts'

/** An input file's bytes and their SHA-256 (hex). */
export interface KeptInput {
  readonly bytes: Uint8Array
  readonly digest: string
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Where a capsule lies in the lab. */
export function capsulePath(lab: Lab, digest: string): string {
  return join(lab.capsules, `${digest}.mjs`)
}

/** The bytes of a capsule of this lab. Throws when they are not there, or not those of its name. */
export function capsuleBytes(lab: Lab, digest: string): Uint8Array {
  const subject = capsulePath(lab, digest)
  const remedy = 'Put the file with this SHA-256 back there'
  if (!existsSync(subject))
    throw new RepriseError('not-found', 'the capsule is not in the lab', { subject, remedy })
  const bytes = readFileSync(subject)
  if (sha256Of(bytes) !== digest)
    throw new RepriseError('not-intact', 'is not the capsule with this SHA-256', { subject, remedy })
  return bytes
}

/** Beside a capsule that came from elsewhere and that nobody has consented to execute yet. */
function foreignMark(lab: Lab, digest: string): string {
  return `${capsulePath(lab, digest)}.foreign`
}

/** Keeps a capsule that is only to be looked at, for now. */
export function keepForeignCapsule(
  lab: Lab,
  capsule: { readonly bytes: Uint8Array; readonly digest: string },
): void {
  if (!existsSync(capsulePath(lab, capsule.digest))) writeDurably(foreignMark(lab, capsule.digest), '')
  keepCapsule(lab, capsule)
}

/** Somebody has consented to execute it. */
export function trustCapsule(lab: Lab, digest: string): void {
  rmSync(foreignMark(lab, digest), { force: true })
}

/** True when the capsule is here and was planned here, or consented to. */
export function isTrustedCapsule(lab: Lab, digest: string): boolean {
  return existsSync(capsulePath(lab, digest)) && !existsSync(foreignMark(lab, digest))
}

export function keepCapsule(
  lab: Lab,
  capsule: { readonly bytes: Uint8Array; readonly digest: string; readonly map?: string },
): void {
  makeFolder(lab.capsules)
  const path = capsulePath(lab, capsule.digest)
  if (capsule.map !== undefined && !existsSync(`${path}.map`)) writeDurably(`${path}.map`, capsule.map)
  keepFile(path, capsule)
}

/** Has the object there with its content: one that was damaged or changed under its name is written anew. */
function keepFile(path: string, object: { readonly bytes: Uint8Array; readonly digest: string }): void {
  if (!existsSync(path) || sha256Of(readFileSync(path)) !== object.digest) writeDurably(path, object.bytes)
}

/** Rewrites places in the capsule as places in the user's files, where the lab has the source map. */
export function locateIn(lab: Lab, digest: string, text: string): string {
  const map = `${capsulePath(lab, digest)}.map`
  return existsSync(map) ? locate(text, digest, readFileSync(map, 'utf8')) : text
}

/** Paths of a run's inputs in the lab by digest. */
export function inputPaths(lab: Lab, inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.values(inputs).map((digest) => [digest, join(lab.inputs, digest)]))
}

/**
 * Puts what a manifest names and does not hold beside it: a capsule too large to be embedded, and inputs. They are
 * links to the lab's own objects where the file system can.
 */
export function placeBeside(
  lab: Lab,
  folder: string,
  names: { readonly capsule: string | null; readonly inputs: readonly string[] },
): void {
  if (names.capsule !== null)
    linkOrCopy(capsulePath(lab, names.capsule), join(folder, `${names.capsule}.mjs`))
  if (names.inputs.length > 0) makeFolder(join(folder, 'inputs'))
  for (const digest of names.inputs) linkOrCopy(join(lab.inputs, digest), join(folder, 'inputs', digest))
}

function linkOrCopy(source: string, target: string): void {
  if (existsSync(target)) return
  try {
    linkSync(source, target)
  } catch {
    writeDurably(target, readFileSync(source))
  }
}

/** Throws `not-intact` for an input that is not the file that its digest names. */
export function checkInput(input: KeptInput, subject: string): void {
  if (sha256Of(input.bytes) === input.digest) return
  throw new RepriseError('not-intact', `is not the file with SHA-256 ${input.digest}`, { subject })
}

export function keepInput(lab: Lab, input: KeptInput, subject: string): void {
  checkInput(input, subject)
  keepFile(join(lab.inputs, input.digest), input)
}

/** Where a patch or an untracked file of a run's code lies in the lab, if it was planned there. */
export function objectPath(lab: Lab, digest: string): string {
  return join(lab.objects, digest)
}

export function keepObject(lab: Lab, object: { readonly bytes: Uint8Array; readonly digest: string }): void {
  makeFolder(lab.objects)
  keepFile(objectPath(lab, object.digest), object)
}
