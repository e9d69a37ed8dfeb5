/**
 * An artifact: a folder with the bundles of runs, their means, the paper's claims held against them, the tool, and metadata for
 * those who keep, cite and evaluate it. It is there whole or not at all. All files lie side by side.
 */
import { lstatSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  type ArtifactFacts,
  type ArtifactFile,
  type ArtifactRun,
  README,
} from '../provenance/exports/artifact.ts'
import { artifactCrate } from '../provenance/exports/artifact-crate.ts'
import { artifactReadme } from '../provenance/exports/artifact-readme.ts'
import type { Author } from '../provenance/exports/author.ts'
import { citationKey } from '../provenance/exports/bibtex.ts'
import { citationFile } from '../provenance/exports/cff.ts'
import { codemetaFile } from '../provenance/exports/codemeta.ts'
import { zenodoFile } from '../provenance/exports/zenodo.ts'
import type { Manifest } from '../provenance/manifest.ts'
import { writeBundle } from './bundle.ts'
import { type Claim, type Claimed, placeClaims } from './claims.ts'
import { inferColumns } from './columns.ts'
import { engineMs } from './core-hours.ts'
import type { Exportable } from './export.ts'
import { VERSION } from './installed.ts'
import { flattenMeans, type PointMeans, recordMeans } from './means.ts'
import type { OwnPackage } from './own-package.ts'
import { openChunks } from './recorded-chunks.ts'
import { ResultsStore } from './results.ts'
import { csvText } from './tables.ts'
import { fillWholeFolder, type Put, type WrittenFile } from './whole.ts'

export interface ArtifactWords {
  readonly authors: readonly Author[]
  readonly license: string | null
  readonly claims: readonly Claim[]
  readonly tool: OwnPackage | null
}

export interface ArtifactReport {
  readonly files: readonly WrittenFile[]
  /** Files of each run, in the order of the runs. */
  readonly ofRuns: readonly (readonly WrittenFile[])[]
  /** What should be in bundles and is not at hand. */
  readonly missing: readonly string[]
}

/** A run that goes in, and the word by which the user named it. */
export interface Chosen {
  readonly word: string
  readonly found: Exportable
}

/** Makes the folder. */
export function writeArtifact(
  chosen: readonly Chosen[],
  target: string,
  { authors, license, claims, tool }: ArtifactWords,
): Promise<ArtifactReport> {
  const keys = keysOf(chosen.map(({ found }) => found.manifest))
  return fillWholeFolder(target, async (put, folder) => {
    const missing: string[] = []
    const made: Made[] = []
    for (const [i, { found }] of chosen.entries())
      made.push(await makeRun(found, keys[i]!, put, folder, missing))
    const runs = made.map(({ run }) => run)
    const facts: ArtifactFacts = {
      runs,
      claims: placeClaims(
        claims,
        made.map((one, i) => claimedOf(one, chosen[i]!)),
      ),
      authors,
      license,
      licenseFile: copyLicense(chosen, put),
      tool: tool === null ? null : put(tool.name, tool.bytes),
      version: VERSION,
    }
    const manifests = runs.map(({ manifest }) => manifest)
    const files: ArtifactFile[] = [
      put(README, artifactReadme(facts)),
      put('CITATION.cff', citationFile(manifests, authors, license, '--artifact')),
      put('.zenodo.json', zenodoFile(facts)),
      put('codemeta.json', codemetaFile(facts)),
      ...[facts.licenseFile, facts.tool].filter((file) => file !== null),
      ...runs.flatMap(filesOf),
    ]
    const crate = put('ro-crate-metadata.json', artifactCrate(facts, files))
    return { files: [...files, crate], ofRuns: runs.map(filesOf), missing }
  })
}

interface Made {
  readonly run: ArtifactRun
  readonly means: readonly PointMeans[] | null
}

/** Names of runs' files: two runs with one root, such as a run and its rerun, are told apart by their ids. */
function keysOf(manifests: readonly Manifest[]): string[] {
  const keys = manifests.map(citationKey)
  return keys.map((key, i) =>
    keys.indexOf(key) === keys.lastIndexOf(key) ? key : `${key}-${manifests[i]!.run.id}`,
  )
}

function filesOf({ bundle, means }: ArtifactRun): ArtifactFile[] {
  return means === null ? [bundle] : [bundle, means]
}

async function makeRun(
  found: Exportable,
  key: string,
  put: Put,
  folder: string,
  missing: string[],
): Promise<Made> {
  const { lab, record, manifest } = found
  const name = `${key}.zip`
  const written = await writeBundle(lab, record, join(folder, name), false) // it checks every chunk
  missing.push(...written.missing.map((file) => `${name}: ${file}`))
  const bundle = { path: name, sha256: written.sha256, bytes: written.bytes }
  const chunks = openChunks(lab, record, manifest, true)
  try {
    const points = chunks === null ? null : [...recordMeans(manifest.experiment, chunks)]
    const means = points === null ? null : put(`${key}.csv`, await csvOf(points))
    let resultBytes: number | null = chunks === null ? null : 0
    for (const { bytes } of chunks?.chunks() ?? []) resultBytes! += bytes.length
    return { run: { key, manifest, bundle, means, time: timeOf(found), resultBytes }, means: points }
  } finally {
    chunks?.close()
  }
}

async function csvOf(points: readonly PointMeans[]): Promise<string> {
  const rows = points.map(flattenMeans)
  let text = ''
  for await (const piece of csvText(inferColumns(rows), rows)) text += piece
  return text
}

/** Of a run of this lab, what its chunks took; of others, how long engines were there in its sessions. */
function timeOf({ run, manifest }: Exportable): ArtifactRun['time'] {
  if (run !== null) {
    const store = ResultsStore.open(run)
    try {
      return { coreMs: engineMs(store), of: 'chunks' }
    } finally {
      store.close()
    }
  }
  const ended = manifest.run.sessions.flatMap(({ started, ended, engines }) =>
    ended === null ? [] : [(Date.parse(ended) - Date.parse(started)) * engines],
  )
  return ended.length === 0 ? null : { coreMs: ended.reduce((sum, ms) => sum + ms, 0), of: 'sessions' }
}

function claimedOf({ run: { key, manifest }, means }: Made, { word }: Chosen): Claimed {
  const names = [...new Set([word, manifest.run.id])]
  return { key, names, document: manifest.experiment.document, means }
}

const LICENSES = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE', 'LICENCE.md', 'LICENCE.txt', 'COPYING']
const MOST_LICENSE = 2 ** 20

/** The licence of the project whose lab has all of the runs. */
function copyLicense(chosen: readonly Chosen[], put: Put): ArtifactFile | null {
  if (chosen.some(({ found }) => found.run === null)) return null
  const project = dirname(chosen[0]!.found.lab.path)
  for (const name of LICENSES) {
    const path = join(project, name)
    const there = lstatSync(path, { throwIfNoEntry: false })
    if (there?.isFile() === true && statSync(path).size <= MOST_LICENSE) return put(name, readFileSync(path))
  }
  return null
}
