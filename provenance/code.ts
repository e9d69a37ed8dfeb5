/**
 * Which code made a result: the commit, where it can be had, and how the files that went into the capsule differ from
 * it. Those are compared byte by byte as they were bundled, not by what git thinks of the work tree. Only they are
 * ever kept (as a patch, or whole where the commit has none of them): a secret in any other file stays out.
 */
import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { basename, relative, sep } from 'node:path'
import type { SourceFile } from './capsule.ts'
import { gitIn, reasonOf } from './git.ts'
import { type ChangedFile, makePatch, type PatchOmitted } from './patch.ts'
import type { Remote } from './remotes.ts'
import type { NoCommit, Repository } from './repository.ts'
import { algorithmOf, blobId, type Swhids, swhidsOf } from './swhid.ts'

/** A file by SHA-256. */
export interface FileDigest {
  /** Below the repository, or `outside/<name>`. */
  readonly path: string
  readonly sha256: string
}

/** What is known of a commit. Manifests of versions 0.1 and 0.2 have the first four alone. */
export interface CommitIdentity {
  readonly commit: string
  /** Branch, or null on a detached head. */
  readonly branch: string | null
  /** True when the work tree differs from the commit, or a tracked file that was bundled does. */
  readonly dirty: boolean
  /** `git status --porcelain` lines, at most 100. */
  readonly changes: readonly string[]
  readonly tree?: string
  readonly remotes?: readonly Remote[]
  /** Null in a repository that names objects by SHA-256. */
  readonly swhids?: Swhids | null
  /** From the commit to the tracked files that were bundled; null where none of them differs, or it is omitted. */
  readonly patch?: { readonly sha256: string; readonly bytes: number } | null
  readonly patchOmitted?: PatchOmitted
  /** Files that were bundled and are not in the commit. */
  readonly untracked?: readonly FileDigest[]
}

/** Or why there is no commit to name. */
export type CodeIdentity = CommitIdentity | NoCommit

/** Bytes that the lab is to keep. */
export interface KeptBytes {
  readonly bytes: Uint8Array
  readonly digest: string
}

export interface FoundCode {
  readonly identity: CodeIdentity
  /** The patch and the untracked files. */
  readonly objects: readonly KeptBytes[]
  /** Tracked files that were bundled with other bytes than the commit has, below the repository. */
  readonly changed: readonly string[]
}

const MOST_CHANGES = 100
const LONGEST_CHANGE = 1_000
const FILES_AT_ONCE = 200
const OUTSIDE = '../'
const IN_PACKAGE: NoCommit = {
  commit: null,
  reason: 'the experiment lies below a folder node_modules, whose files are taken for packages',
}

/** The code of a capsule whose user files are `sources`, the experiment's at `file` among them. Never throws. */
export async function identifyCode(
  repository: Repository | NoCommit,
  file: string,
  sources: readonly SourceFile[],
): Promise<FoundCode> {
  if (repository.commit === null) return { identity: repository, objects: [], changed: [] }
  try {
    const { commit, branch, tree, remotes, changes } = repository
    const committed = await committedFiles(repository, sources)
    const files = sources.map((source) => ({ ...source, name: nameIn(repository.top, source.path) }))
    const experiment = files.find(({ path }) => path === realpathSync(file))
    if (experiment === undefined) return { identity: IN_PACKAGE, objects: [], changed: [] }
    const changed = files.flatMap(({ name, bytes }): ChangedFile[] => {
      const entry = committed.get(name)
      if (entry === undefined || entry.id === blobId(bytes, algorithmOf(commit))) return []
      return [{ path: name, ...entry, bytes }]
    })
    const patch = changed.length === 0 ? null : await makePatch(repository.objects, changed)
    const kept = patch instanceof Uint8Array ? [keptBytes(patch)] : []
    const missing = files.filter(({ name }) => !committed.has(name))
    const untracked = missing.map(({ name, bytes }) => ({ name, ...keptBytes(bytes) }))
    const identity: CommitIdentity = {
      commit,
      branch,
      dirty: changes.length + changed.length > 0,
      changes: changes.slice(0, MOST_CHANGES).map((line) => line.slice(0, LONGEST_CHANGE)),
      tree,
      remotes,
      swhids: swhidsOf(commit, tree, experiment.bytes),
      patch: kept.map(({ digest, bytes }) => ({ sha256: digest, bytes: bytes.length }))[0] ?? null,
      ...(patch === null || patch instanceof Uint8Array ? {} : { patchOmitted: patch }),
      untracked: untracked.map(({ name, digest }) => ({
        path: name.replace(OUTSIDE, 'outside/'),
        sha256: digest,
      })),
    }
    return { identity, objects: [...kept, ...untracked], changed: changed.map(({ path }) => path) }
  } catch (error) {
    return { identity: { commit: null, reason: reasonOf(error) }, objects: [], changed: [] }
  }
}

/** Mode and git's name of those files that the commit has, by their path below the repository. */
async function committedFiles(
  { top, commit }: Repository,
  sources: readonly SourceFile[],
): Promise<Map<string, { mode: string; id: string }>> {
  const found = new Map<string, { mode: string; id: string }>()
  const inside = sources.map(({ path }) => nameIn(top, path)).filter((name) => !name.startsWith(OUTSIDE))
  for (let at = 0; at < inside.length; at += FILES_AT_ONCE) {
    const names = inside.slice(at, at + FILES_AT_ONCE)
    const listed = await gitIn(top).raw(['ls-tree', '-z', '--full-tree', commit, '--', ...names])
    for (const line of listed.split('\0')) {
      const [, mode = '', id = '', name = ''] = /^(100\d{3}) blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? []
      if (name !== '') found.set(name, { mode, id })
    }
  }
  return found
}

/** A file's path below the repository, or `../<name>` for one that lies outside. */
function nameIn(top: string, path: string): string {
  const name = relative(top, path).split(sep).join('/')
  return name.startsWith(OUTSIDE) ? `${OUTSIDE}${basename(path)}` : name
}

function keptBytes(bytes: Uint8Array): KeptBytes {
  return { bytes, digest: createHash('sha256').update(bytes).digest('hex') }
}
