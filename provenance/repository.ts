/**
 * The repository that an experiment lies in, as it was found before anything was bundled: commit, tree, where it can
 * be had, and what git says was changed. Everything after this names the commit, so that a HEAD that moves meanwhile
 * misleads nobody.
 */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { gitIn, reasonOf, settings, withoutFilters } from './git.ts'
import { type Remote, remotesOf } from './remotes.ts'

/** Why there is no commit to name. */
export interface NoCommit {
  readonly commit: null
  readonly reason: string
}

export interface Repository {
  readonly commit: string
  readonly tree: string
  /** Branch, or null on a detached head. */
  readonly branch: string | null
  readonly remotes: readonly Remote[]
  /** Its work tree, absolute. */
  readonly top: string
  /** Its folder of objects, absolute. */
  readonly objects: string
  /** All lines of `git status --porcelain`. */
  readonly changes: readonly string[]
  /** Tracked files that git was told not to look at (assume-unchanged, skip-worktree). */
  readonly hidden: readonly string[]
}

const STATUS = ['status', '--porcelain', '--untracked-files=normal', '--ignore-submodules=dirty']

/** The repository that `file` lies in. Never throws: that there is none is recorded with its reason. */
export async function readRepository(file: string): Promise<Repository | NoCommit> {
  try {
    const folder = dirname(realpathSync(file))
    const git = gitIn(folder)
    const [top, objects, commit] = await Promise.all([
      answer(git.raw(['rev-parse', '--show-toplevel'])),
      answer(git.raw(['rev-parse', '--git-path', 'objects'])),
      answer(git.raw(['rev-parse', '--verify', 'HEAD^{commit}'])),
    ])
    if (top !== nearestRepository(folder))
      throw new Error('the work tree of the git repository lies elsewhere')
    const [tree, name, known, listed] = await Promise.all([
      answer(git.raw(['rev-parse', '--verify', `${commit}^{tree}`])),
      answer(git.raw(['rev-parse', '--abbrev-ref', 'HEAD'])),
      settings(git),
      gitIn(top).raw(['ls-files', '-v', '-z']),
    ])
    const filters = withoutFilters(known.map(([key]) => key))
    const status = await gitIn(folder, filters).raw(STATUS)
    const changes = status.split('\n').filter((line) => line !== '')
    const hidden = listed.split('\0').flatMap((line) => (/^[a-zS] /.test(line) ? [line.slice(2)] : []))
    const branch = name === 'HEAD' ? null : name
    const remotes = remotesOf(known)
    return { commit, tree, branch, remotes, top, objects: resolve(folder, objects), changes, hidden }
  } catch (error) {
    return { commit: null, reason: reasonOf(error) }
  }
}

/** The nearest folder upwards that has a `.git`: where git must find it, whatever a setting says. */
function nearestRepository(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return null
  }
}

/** Git's answer without the line's end. */
async function answer(asked: PromiseLike<string>): Promise<string> {
  return (await asked).replace(/\n$/, '')
}
