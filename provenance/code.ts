/**
 * Which code made a result: commit, branch and what was changed beside it. Git is asked with fixed arguments and
 * an environment in which nothing of the repository or of the user's configuration is executed: no hook, no monitor,
 * no filter (`git status` would run them to compare files), no fetching of what a partial clone lacks. Submodules
 * are compared by commit alone, for their configuration is their own.
 */
import { dirname } from 'node:path'
import { type SimpleGit, simpleGit } from 'simple-git'

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
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
}
/** simple-git asks to be told that these settings, all fixed above and below, are meant. */
const ALLOWED = {
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeFilter: true,
}
const STATUS = ['status', '--porcelain', '--untracked-files=normal', '--ignore-submodules=dirty']
const FILTERS = [
  'config',
  '--null',
  '--name-only',
  '--get-regexp',
  '^filter\\..*\\.(clean|process|required)$',
]
const MOST_CHANGES = 100

/** The state of the repository that `file` lies in. Never throws: a missing identity is recorded with its reason. */
export async function codeIdentity(file: string): Promise<CodeIdentity> {
  try {
    const git = asking(dirname(file), {})
    const commit = (await git.raw(['rev-parse', '--verify', 'HEAD'])).trim()
    const name = (await git.raw(['rev-parse', '--abbrev-ref', 'HEAD'])).trim()
    const filters = (await git.raw(FILTERS)).split('\0').filter((key) => key !== '')
    const status = await asking(dirname(file), withoutFilters(filters)).raw(STATUS)
    const changes = status.split('\n').filter((line) => line !== '')
    const branch = name === 'HEAD' ? null : name
    return { commit, branch, dirty: changes.length > 0, changes: changes.slice(0, MOST_CHANGES) }
  } catch (error) {
    return { commit: null, reason: reasonOf((error as Error).message.trim()) }
  }
}

function asking(folder: string, environment: Readonly<Record<string, string>>): SimpleGit {
  const env = { ...ENVIRONMENT, ...environment }
  return simpleGit({
    baseDir: folder,
    config: CONFIG,
    unsafe: ALLOWED,
    allowEnvironment: [...Object.keys(env), 'PATH', 'HOME'],
  }).env({ ...env, PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' })
}

/** Configuration that empties the filters, by environment, since their names may hold any character. */
function withoutFilters(keys: readonly string[]): Record<string, string> {
  const pairs = keys.flatMap((key, i) => [
    [`GIT_CONFIG_KEY_${i}`, key],
    [`GIT_CONFIG_VALUE_${i}`, key.endsWith('.required') ? 'false' : ''],
  ])
  return { GIT_CONFIG_COUNT: String(keys.length), ...Object.fromEntries(pairs) }
}

/** Git's words without the path that they may hold. */
function reasonOf(words: string): string {
  if (/not a git repository/i.test(words)) return 'not in a git repository'
  if (/dubious ownership/i.test(words)) return 'the git repository belongs to another user'
  if (/needed a single revision/i.test(words)) return 'the git repository has no commit yet'
  if (/ENOENT/.test(words)) return 'git is not installed'
  return (words.split('\n')[0] ?? '').replace(/'\/[^']*'|\/\S+/g, '…')
}
