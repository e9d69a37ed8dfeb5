/**
 * From an experiment file to a planned run: the capsule is built, asked what it holds, completed with what it
 * declares, and put into the lab together with the plan. Until all of that has succeeded nothing is in `runs/`.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { checkDocument, type ExperimentDocument } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { buildCapsule, type Capsule, NO_ATTACHMENTS, stopBuilding } from '../provenance/capsule.ts'
import { type CodeIdentity, codeIdentity } from '../provenance/code.ts'
import { type LockDigest, nearestLock } from '../provenance/environment.ts'
import type { BundledPackage } from '../provenance/packages.ts'
import { validatorSource } from '../provenance/schema.ts'
import { describeCapsule } from '../runners/describe.ts'
import type { Launcher } from '../runners/launcher.ts'
import type { Description } from '../runners/protocol.ts'
import { makeFolder, syncFolder, writeDurably } from './durable.ts'
import { type Lab, makeLab, newRunId, type RunFolder, runFolder } from './lab.ts'
import { ResultsStore } from './results.ts'
import { ROOT, VERSION } from './root.ts'

/** What a run will execute: fixed when it is planned, never changed after. */
export interface Plan {
  readonly format: 'reprise/run/1'
  readonly run: string
  readonly planned: string
  readonly file: string
  readonly reprise: string
  readonly experiment: { readonly document: ExperimentDocument; readonly hash: string }
  readonly capsule: { readonly sha256: string; readonly bytes: number }
  readonly packages: readonly BundledPackage[]
  readonly lock: LockDigest | null
  readonly inputs: Readonly<Record<string, string>>
  readonly code: CodeIdentity
  readonly rerun: RerunPlan | null
}

export interface RerunPlan {
  /** The run that is repeated, and its root. */
  readonly run: string
  readonly root: string
  /** The chunks drawn for an audit, ascending; null for all. */
  readonly sample: readonly number[] | null
}

/** Plans a run of `file`. Throws `not-found`, `capsule` or `invalid-experiment`; then the lab is as it was. */
export async function planRun(lab: Lab, file: string, launcher: Launcher, time: Date): Promise<RunFolder> {
  const path = checkFile(file)
  const code = codeIdentity(path)
  const { capsule, description, inputs } = await makeCapsule(path, launcher)
  makeLab(lab)
  keepCapsule(lab, capsule)
  for (const [name, input] of Object.entries(inputs)) keepInput(lab, input, `inputs.${name}`)
  const id = newRunId(time)
  return placeRun(lab, {
    format: 'reprise/run/1',
    run: id,
    planned: time.toISOString(),
    file: nameOf(path, lab),
    reprise: VERSION,
    experiment: { document: description.document, hash: description.hash },
    capsule: { sha256: capsule.digest, bytes: capsule.bytes.length },
    packages: capsule.packages,
    lock: nearestLock(path),
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.digest])),
    code: await code,
    rerun: null,
  })
}

/** Makes the run's folder in one step: it is there whole, or not at all. `prepare` may put more files into it. */
export function placeRun(lab: Lab, plan: Plan, prepare: (folder: string) => void = () => {}): RunFolder {
  const run = runFolder(lab, plan.run)
  const making = join(lab.runs, `.${plan.run}.new`)
  try {
    mkdirSync(making)
    ResultsStore.create(join(making, basename(run.results)), plan)
    prepare(making)
    renameSync(making, run.path)
    syncFolder(lab.runs)
  } catch (error) {
    rmSync(making, { recursive: true, force: true })
    throw error
  }
  return run
}

function checkFile(file: string): string {
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

interface KeptInput {
  readonly bytes: Uint8Array
  readonly digest: string
}

/** Builds the capsule; twice where the experiment declares something that must be in it. */
async function makeCapsule(
  path: string,
  launcher: Launcher,
): Promise<{ capsule: Capsule; description: Description; inputs: Record<string, KeptInput> }> {
  try {
    const draft = await buildCapsule(path, ROOT, NO_ATTACHMENTS)
    const description = await describeDraft(draft, path, launcher)
    checkDocument(description.document)
    const inputs = readInputs(description.inputs, dirname(path))
    const files = readFiles(description.program?.files ?? [], dirname(path))
    const validator = description.result === null ? null : await validatorSource(description.result)
    const digests = Object.fromEntries(Object.entries(inputs).map(([name, { digest }]) => [name, digest]))
    const plain = validator === null && Object.keys(digests).length + Object.keys(files).length === 0
    const capsule = plain ? draft : await buildCapsule(path, ROOT, { validator, files, inputs: digests })
    return { capsule, description, inputs }
  } finally {
    await stopBuilding()
  }
}

async function describeDraft(draft: Capsule, path: string, launcher: Launcher): Promise<Description> {
  const folder = launcher.scratch
  const file = join(folder, `${draft.digest}.mjs`)
  writeDurably(file, draft.bytes)
  try {
    return await describeCapsule(launcher, file)
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    const { code, message, remedy } = error
    const subject = error.subject === '' ? basename(path) : `${basename(path)}: ${error.subject}`
    throw new RepriseError(code, message, { subject, remedy, cause: error })
  } finally {
    rmSync(file, { force: true })
  }
}

function readInputs(declared: Readonly<Record<string, string>>, folder: string): Record<string, KeptInput> {
  const read = ([name, path]: [string, string]) => {
    const bytes = readDeclared(resolve(folder, path), `inputs.${name}`)
    return [name, { bytes, digest: digestOf(bytes) }] as const
  }
  return Object.fromEntries(Object.entries(declared).map(read))
}

function readFiles(paths: readonly string[], folder: string): Record<string, string> {
  return Object.fromEntries(
    paths.map((path) => [path, readDeclared(resolve(folder, path), 'files').toString('base64')]),
  )
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

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Where a capsule lies in the lab. */
export function capsulePath(lab: Lab, digest: string): string {
  return join(lab.capsules, `${digest}.mjs`)
}

export function keepCapsule(
  lab: Lab,
  capsule: { readonly bytes: Uint8Array; readonly digest: string },
): void {
  makeFolder(lab.capsules)
  const path = capsulePath(lab, capsule.digest)
  if (!existsSync(path)) writeDurably(path, capsule.bytes)
}

/** Paths of a run's inputs in the lab by digest. */
export function inputPaths(lab: Lab, inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.values(inputs).map((digest) => [digest, join(lab.inputs, digest)]))
}

export function keepInput(lab: Lab, input: KeptInput, subject: string): void {
  if (digestOf(input.bytes) !== input.digest) {
    throw new RepriseError('not-intact', `is not the file with SHA-256 ${input.digest}`, { subject })
  }
  const path = join(lab.inputs, input.digest)
  if (!existsSync(path)) writeDurably(path, input.bytes)
}

/** The file's name for the record: relative to the lab's project where it lies in it, so that no home folder shows. */
function nameOf(path: string, lab: Lab): string {
  const name = relative(dirname(lab.path), path)
  return name.startsWith('..') ? basename(path) : name
}
