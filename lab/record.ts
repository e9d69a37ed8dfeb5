/**
 * Finding a record by the word a user gives: a run of this lab, or a manifest file from anywhere with what lies
 * beside it.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import type { Manifest } from '../provenance/manifest.ts'
import { MAX_BYTES, parseManifest } from '../provenance/read-manifest.ts'
import { isRunId, type Lab, matchRun, type RunFolder } from './lab.ts'
import { readPlan } from './results.ts'

export interface FoundRecord {
  readonly bytes: Uint8Array
  /** Where the manifest lies: files that it names by digest are looked for there. */
  readonly folder: string
  /** The run of this lab, when it was named as such. */
  readonly run: RunFolder | null
}

/** The manifest meant by `text`. Throws `not-found`, or `incomplete` for a run that has none yet. */
export function findRecord(lab: Lab, text: string): FoundRecord {
  const run = isFile(text) ? null : matchRun(lab, text)
  if (run !== null) {
    if (!existsSync(run.manifest)) {
      if (readPlan(run).rerun?.sample != null) {
        throw new RepriseError('not-found', 'is an audit by sample: it has a verdict, and no manifest', {
          subject: `run ${run.id}`,
          remedy: `See reprise show ${run.id}, or name the run that it audited`,
        })
      }
      throw new RepriseError('incomplete', 'is not sealed, so there is no manifest yet', {
        subject: `run ${run.id}`,
        remedy: `Finish it with reprise resume ${run.id}`,
      })
    }
    return { bytes: readFileSync(run.manifest), folder: run.path, run }
  }
  if (!isFile(text)) {
    throw new RepriseError('not-found', 'is neither a run of this lab nor a manifest file', {
      subject: text,
      remedy: `See reprise ls (the lab is ${lab.path}), or give the path of a manifest.json`,
    })
  }
  return { bytes: readRecord(text, MAX_BYTES), folder: dirname(text), run: null }
}

/** The bytes of a file that a user names, and that may be from anywhere. */
export function readRecord(path: string, most: number): Uint8Array {
  return readable(path, () => read(path, most))
}

function read(path: string, most: number): Uint8Array {
  if (statSync(path).size > most) {
    throw new RepriseError('not-intact', `is larger than ${most} bytes`, {
      subject: path,
      remedy: 'This is no record',
    })
  }
  return readFileSync(path)
}

/** The run in this lab that a manifest is about, when its sealed record here is the same. */
export function runOfManifest(lab: Lab, manifest: Manifest): RunFolder | null {
  const { id } = manifest.run
  if (!isRunId(id)) return null
  const run = matchRun(lab, id)
  if (run === null || run.id !== id || !existsSync(run.manifest)) return null
  try {
    return parseManifest(readFileSync(run.manifest)).proof.record === manifest.proof.record ? run : null
  } catch {
    return null
  }
}

/** The first bytes of a file, to tell what it is. */
export function firstBytes(path: string, length: number): Uint8Array {
  return readable(path, () => readFirst(path, length))
}

function readFirst(path: string, length: number): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const bytes = new Uint8Array(length)
    return bytes.subarray(0, readSync(file, bytes, 0, length, 0))
  } finally {
    closeSync(file)
  }
}

/** What the system says where a file cannot be read is told of the file. */
function readable<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RepriseError) throw error
    throw new RepriseError('not-found', `cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      subject: path,
      remedy: 'See who may read it, or name another file',
    })
  }
}

export function isFile(path: string): boolean {
  return path !== '' && existsSync(path) && statSync(path).isFile()
}
