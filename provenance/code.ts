/**
 * Which code made a result: commit, branch and what was changed beside it. Git is asked with fixed arguments and
 * an environment in which nothing of the repository or of the user's configuration is executed.
 */
import { dirname } from 'node:path'
import { simpleGit } from 'simple-git'

export type CodeIdentity =
  | {
      readonly commit: string
      /** Branch, or null on a detached head. */
      readonly branch: string | null
      /** True when the work tree differs from the commit. */
      readonly dirty: boolean
      /** `git status --porcelain` lines, at most 100. */
      readonly changes: readonly string[]
    }
  /** Why there is no commit to name. */
  | { readonly commit: null; readonly reason: string }

const CONFIG = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'safe.bareRepository=explicit']
const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
}
/** simple-git asks to be told that these settings, all fixed above and below, are meant. */
const ALLOWED = { allowUnsafeHooksPath: true, allowUnsafeFsMonitor: true, allowUnsafeConfigPaths: true }
const MOST_CHANGES = 100

/** The state of the repository that `file` lies in. Never throws: a missing identity is recorded with its reason. */
export async function codeIdentity(file: string): Promise<CodeIdentity> {
  try {
    const git = simpleGit({
      baseDir: dirname(file),
      config: CONFIG,
      unsafe: ALLOWED,
      allowEnvironment: [...Object.keys(ENVIRONMENT), 'PATH', 'HOME'],
    }).env({ ...ENVIRONMENT, PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' })
    const commit = (await git.raw(['rev-parse', '--verify', 'HEAD'])).trim()
    const [name, status] = await Promise.all([
      git.raw(['rev-parse', '--abbrev-ref', 'HEAD']),
      git.raw(['status', '--porcelain', '--untracked-files=normal']),
    ])
    const changes = status.split('\n').filter((line) => line !== '')
    const branch = name.trim() === 'HEAD' ? null : name.trim()
    return { commit, branch, dirty: changes.length > 0, changes: changes.slice(0, MOST_CHANGES) }
  } catch (error) {
    const words = (error as Error).message.trim().split('\n')[0] ?? ''
    const reason = /not a git repository/i.test(words) ? 'not in a git repository' : words
    return { commit: null, reason }
  }
}
