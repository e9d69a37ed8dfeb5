/**
 * Makes an experiment's capsule: built once, asked what it holds, and built again where the experiment declares
 * something that must be in it (a result schema, a program's files, inputs).
 */
import { existsSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { checkDocument } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import {
  buildCapsule,
  type Capsule,
  type CapsuleAttachments,
  NO_ATTACHMENTS,
  type SourceFile,
  stopBuilding,
} from '../provenance/capsule.ts'
import { locate } from '../provenance/locate.ts'
import type { Mapping } from '../provenance/mapped-module.ts'
import { validatorSource } from '../provenance/schema.ts'
import { describeCapsule } from '../runners/describe.ts'
import type { LocalLauncher } from '../runners/launcher.ts'
import type { Description } from '../runners/protocol.ts'
import { writeDurably } from './durable.ts'
import { ROOT } from './installed.ts'
import { type KeptInput, sha256Of } from './objects.ts'

/** The absolute path of an experiment's file. Throws `not-found`. */
export function checkFile(file: string): string {
  const path = resolve(file)
  if (!existsSync(path)) {
    throw new RepriseError('not-found', 'there is no such file', {
      subject: file,
      remedy: 'Give the path of an experiment file',
    })
  }
  if (!statSync(path).isFile()) {
    throw new RepriseError('not-found', 'is not a file', {
      subject: file,
      remedy: 'Give the path of an experiment file',
    })
  }
  return path
}

export interface MadeCapsule {
  readonly capsule: Capsule
  readonly description: Description
  readonly inputs: Record<string, KeptInput>
  /** The user's files in the capsule: those that were bundled, and those of a program. */
  readonly files: readonly SourceFile[]
}

export async function makeCapsule(
  path: string,
  launcher: LocalLauncher,
  mapping: Mapping | null = null,
): Promise<MadeCapsule> {
  try {
    const bare = { ...NO_ATTACHMENTS, mapping }
    let draft = await buildCapsule(path, ROOT, bare)
    let found = await declared(draft, path, launcher)
    if (found.description.math === 'native') {
      // Asked again: what it says of itself may come out of Math.
      draft = await buildCapsule(path, ROOT, { ...bare, math: 'native' })
      found = await declared(draft, path, launcher)
    }
    const { description, inputs, attachments } = found
    const capsule = attachments === null ? draft : await buildCapsule(path, ROOT, { ...attachments, mapping })
    return { capsule, description, inputs, files: allFiles(capsule, found.files) }
  } finally {
    await stopBuilding()
  }
}

interface Declared {
  readonly description: Description
  readonly inputs: Record<string, KeptInput>
  /** A program's files. */
  readonly files: readonly SourceFile[]
  /** Null where nothing is declared that must be in the capsule. */
  readonly attachments: CapsuleAttachments | null
}

/** Asks the draft what it declares, and gets it. Errors name the experiment's file. */
async function declared(draft: Capsule, path: string, launcher: LocalLauncher): Promise<Declared> {
  const file = join(launcher.scratch, `${draft.digest}.mjs`)
  writeDurably(file, draft.bytes)
  try {
    const description = await describeCapsule(launcher, file)
    checkDocument(description.document)
    const inputs = readInputs(description.inputs, dirname(path))
    const program = readFiles(description.program?.files ?? [], dirname(path))
    const files = Object.fromEntries(program.map(([name, { bytes }]) => [name, bytes.toString('base64')]))
    const validator = description.result === null ? null : await validatorSource(description.result)
    const digests = Object.fromEntries(Object.entries(inputs).map(([name, { digest }]) => [name, digest]))
    const plain = validator === null && Object.keys(digests).length + Object.keys(files).length === 0
    return {
      description,
      inputs,
      files: program.map(([, file]) => file),
      attachments: plain ? null : { validator, files, inputs: digests, math: description.math },
    }
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    const { code, remedy } = error
    const subject = error.subject === '' ? basename(path) : `${basename(path)}: ${error.subject}`
    const message = locate(error.message, draft.digest, draft.map)
    throw new RepriseError(code, message, { subject, remedy, cause: error })
  } finally {
    rmSync(file, { force: true })
  }
}

function readInputs(declared: Readonly<Record<string, string>>, folder: string): Record<string, KeptInput> {
  const read = ([name, path]: [string, string]) => {
    const bytes = readDeclared(resolve(folder, path), `inputs.${name}`)
    return [name, { bytes, digest: sha256Of(bytes) }] as const
  }
  return Object.fromEntries(Object.entries(declared).map(read))
}

function readFiles(
  paths: readonly string[],
  folder: string,
): (readonly [name: string, file: { path: string; bytes: Buffer }])[] {
  return paths.map((name) => {
    const bytes = readDeclared(resolve(folder, name), `files, ${name}`)
    return [name, { path: realpathSync(resolve(folder, name)), bytes }]
  })
}

function allFiles(capsule: Capsule, program: readonly SourceFile[]): SourceFile[] {
  const bundled = new Set(capsule.files.map(({ path }) => path))
  return [...capsule.files, ...program.filter(({ path }) => !bundled.has(path))]
}

function readDeclared(path: string, subject: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new RepriseError('invalid-experiment', (cause as Error).message, {
      subject,
      remedy: 'Paths are relative to the experiment’s file',
      cause,
    })
  }
}
