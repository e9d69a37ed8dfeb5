/**
 * A bucket as an archive: the files of a bundle, an object each, below the run's name. They are put once, the manifest last, so
 * that where it is, all is; what is there already with the same content is left. Reading fetches them to a folder, with the
 * bounds of a bundle, from where they are read like any manifest and what lies beside it.
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import { DAMAGED } from '../runners/s3/get.ts'
import { keyBelow, placeWords, type S3Place } from '../runners/s3/place.ts'
import { BRISK } from '../runners/s3/retries.ts'
import { type S3Store, s3Store } from '../runners/s3/s3-store.ts'
import { placeOfUrl } from '../runners/s3/url.ts'
import { digestOf, writeBundle } from './bundle.ts'
import type { Lab } from './lab.ts'

import type { FoundRecord } from './record.ts'
import { allowance, CHUNKS_NAME, MANIFEST_NAME, Unpacked, unnamed } from './unpack.ts'
import type { WrittenFile } from './whole.ts'

export interface ArchiveReport {
  readonly files: readonly WrittenFile[]
  /** What the manifest names or could have with it, and is not at hand. */
  readonly missing: readonly string[]
}

/** Puts all there is of a record below `place`. Throws `refused` where something else is there, `storage`, and as for a bundle. */
export async function putArchive(lab: Lab, record: FoundRecord, place: S3Place): Promise<ArchiveReport> {
  const scratch = mkdtempSync(join(tmpdir(), 'reprise-archive-'))
  const unpacked = new Unpacked()
  const store = s3Store(place)
  try {
    // As a bundle everything is checked on its way, and what comes out is what a reader will take.
    const bundle = join(scratch, 'bundle.zip')
    const { files: names, missing, run } = await writeBundle(lab, record, bundle, false)
    await unpacked.fill(bundle, { results: true })
    const files: WrittenFile[] = []
    for (const name of [...names.filter((one) => one !== MANIFEST_NAME), MANIFEST_NAME]) {
      const path = join(unpacked.folder, name)
      const sha256 = await digestOf(path)
      const key = `${run}/${name}`
      if (!(await store.putFile(key, path)) && (await store.digest(key)) !== sha256)
        throw new RepriseError('refused', 'is there already, with other content', {
          subject: placeWords(place, keyBelow(place, key)),
          remedy: 'Name another prefix; what is archived is not replaced',
        })
      files.push({ path: name, sha256, bytes: statSync(path).size })
    }
    return { files, missing }
  } finally {
    store.close()
    unpacked.remove()
    rmSync(scratch, { recursive: true, force: true })
  }
}

/**
 * Fetches what is below a URL into a folder, without its results where nobody wants them. Throws `not-found` where no manifest is
 * there, `not-intact` naming the object, `storage`.
 */
export async function fetchArchive(
  url: string,
  into: Unpacked,
  wanted: { readonly results: boolean },
): Promise<void> {
  const place = placeOfUrl(url.replace(/\/manifest\.json$/, ''))
  const store = s3Store(place, { retries: BRISK })
  try {
    const found = await store.sizes('')
    if (!found.has(MANIFEST_NAME)) throw noManifest(place, [...found.keys()])
    await fetchFile(store, place, into.folder, MANIFEST_NAME, found.get(MANIFEST_NAME)!)
    const names = [...found.keys()].filter((name) => name !== MANIFEST_NAME)
    const strange =
      names.find((name) => allowance(name) === null) ??
      unnamed(
        into.manifest,
        names.map((name) => ({ name })),
      )
    if (strange !== null) throw bad(place, strange, 'lies beside the manifest, which does not name it')
    const asked = names.filter((name) => wanted.results || name !== CHUNKS_NAME)
    demandRoom(
      place,
      into.folder,
      asked.reduce((sum, name) => sum + found.get(name)!, 0),
    )
    for (const name of asked) await fetchFile(store, place, into.folder, name, found.get(name)!)
  } finally {
    store.close()
  }
}

async function fetchFile(
  store: S3Store,
  place: S3Place,
  folder: string,
  name: string,
  bytes: number,
): Promise<void> {
  const most = allowance(name)!
  if (bytes > most) throw bad(place, name, `has ${bytes} bytes, and at most ${most} belong there`)
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    if (!(await store.getFile(name, path, bytes))) throw bad(place, name, 'was there, and is gone')
  } catch (error) {
    if (error instanceof RepriseError && error.message === DAMAGED)
      throw bad(place, name, /[0-9a-f]{64}/.test(name) ? 'is not the file with this SHA-256' : DAMAGED)
    throw error
  }
}

/** A stranger's archive does not fill the disk. */
function demandRoom(place: S3Place, folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder)
  if (bytes > bavail * bsize)
    throw new RepriseError('storage', `has ${bytes} bytes, for which there is no room in ${tmpdir()}`, {
      subject: placeWords(place, place.prefix),
      remedy: 'Make room, or set TMPDIR to where there is some',
    })
}

function noManifest(place: S3Place, keys: readonly string[]): RepriseError {
  const runs = keys.flatMap((key) => /^([^/]+)\/manifest\.json$/.exec(key)?.[1] ?? [])
  const some = runs.slice(0, 3).join(', ')
  return new RepriseError('not-found', 'there is no manifest.json', {
    subject: placeWords(place, place.prefix),
    remedy: runs.length === 0 ? 'Name where export put a run' : `Name a run below it, such as ${some}`,
  })
}

function bad(place: S3Place, name: string, what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: placeWords(place, keyBelow(place, name.slice(0, 100))),
    remedy: 'Get it from its source again',
  })
}
