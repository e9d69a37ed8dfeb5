/**
 * What an artifact is made of: runs, each with its bundle and its means, and what their author says of them. The files of an
 * artifact lie side by side, for repositories keep lists of files and no folders.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { Json } from '../../lib/values.ts'
import type { Manifest } from '../manifest.ts'
import type { Author } from './author.ts'
import { dayOf, repositoryUrl } from './facts.ts'

export interface ArtifactFile {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

export interface ArtifactRun {
  /** Of letters, digits and hyphens; its files are called so. */
  readonly key: string
  readonly manifest: Manifest
  readonly bundle: ArtifactFile
  /** Null where the results are not at hand. */
  readonly means: ArtifactFile | null
  /** What its chunks took, one core at a time; null where it is not known. */
  readonly time: { readonly coreMs: number; readonly of: 'chunks' | 'sessions' } | null
  /** Of all results, bytes; null where they are not at hand. */
  readonly resultBytes: number | null
}

/** A sentence of the paper, and where in the results it stands. */
export interface ArtifactClaim {
  readonly claim: string
  /** Of the run that it is about. */
  readonly key: string
  readonly place: {
    readonly point: Readonly<Record<string, Json>>
    readonly field: string
    readonly mean: number
    readonly standardError: number | null
    readonly count: number
    /** First and last chunk of the point. */
    readonly chunks: readonly [number, number]
    /** The figure as the paper has it; the mean rounds to it. */
    readonly value: string | null
  } | null
}

export interface ArtifactFacts {
  readonly runs: readonly ArtifactRun[]
  readonly claims: readonly ArtifactClaim[]
  readonly authors: readonly Author[]
  /** The address of the licence; null when none was given. */
  readonly license: string | null
  /** The project's own licence, copied; null where it has none. */
  readonly licenseFile: ArtifactFile | null
  /** Reprise itself, packed for npm; null where it could not be packed. */
  readonly tool: ArtifactFile | null
  /** The version of Reprise that made it. */
  readonly version: string
}

export const README = 'README.md'

/** What it is called: by its experiments. */
export function artifactTitle({ runs }: Pick<ArtifactFacts, 'runs'>): string {
  return titleOf(runs.map(({ manifest }) => manifest))
}

/** The same of manifests. */
export function titleOf(manifests: readonly Manifest[]): string {
  const names = [...new Set(manifests.map(({ experiment }) => experiment.document.name))]
  const what = manifests.length === 1 ? `results of run ${manifests[0]!.run.id}` : 'results'
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ' and others' : ''}: ${what}`
}

/** The day on which the last of them was sealed. */
export function dayOfRuns(manifests: readonly Manifest[]): string {
  return manifests
    .map(({ run }) => dayOf(run.sealed))
    .sort()
    .at(-1)!
}

/** What all runs have in common, or null. */
export function sameOf<T>(values: readonly T[]): T | null {
  return values.every((value) => value === values[0]) ? (values[0] ?? null) : null
}

/** Where the code of all runs is published. */
export function commonRepository(manifests: readonly Manifest[]): string | null {
  return sameOf(manifests.map(({ run }) => repositoryUrl(run)))
}

/** `CC-BY-4.0` of `https://spdx.org/licenses/CC-BY-4.0`; null for any other address. */
export function spdxName(license: string | null): string | null {
  return (
    /^https?:\/\/spdx\.org\/licenses\/([A-Za-z0-9.+-]{1,60}?)(?:\.html)?$/.exec(license ?? '')?.[1] ?? null
  )
}

/** Throws `usage` where nobody is named: whoever cites an artifact must know whom. */
export function demandAuthors(authors: readonly Author[], flag: string): void {
  if (authors.length > 0) return
  throw new RepriseError('usage', 'a citation file must name at least one author', {
    subject: flag,
    remedy: 'Name them: --author "Doe, Jane"',
  })
}
