/**
 * Git, asked with fixed arguments and an environment in which nothing of the repository or of the user's configuration
 * is executed or read without end: no hook, no monitor, no filter, no signature's program, no fetching of what a partial clone lacks, no
 * object put in another's place. Submodules are compared by commit alone, for their configuration is their own.
 */
import { type SimpleGit, simpleGit } from 'simple-git'

const CONFIG = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.quotePath=true',
  'safe.bareRepository=explicit',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
]
const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_LITERAL_PATHSPECS: '1',
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
/** A git that is silent for so long reads something that has no end. */
const PATIENCE_MS = 60_000
/** What `String` makes of bytes that are no text. */
const NO_TEXT = '\ufffd'

/** Git in a folder; `environment` is added to the fixed one. */
export function gitIn(folder: string, environment: Readonly<Record<string, string>> = {}): SimpleGit {
  const env = { ...ENVIRONMENT, ...environment }
  return simpleGit({
    baseDir: folder,
    config: CONFIG,
    unsafe: ALLOWED,
    timeout: { block: PATIENCE_MS },
    completion: { onClose: true, onExit: false }, // all of its output, however late it is read
    errors: (error, { exitCode, stdErr }) =>
      error ??
      (exitCode === 0 ? undefined : Buffer.concat([Buffer.from(`git ended with ${exitCode}: `), ...stdErr])),
    allowEnvironment: [...Object.keys(env), 'PATH', 'HOME'],
  }).env({ ...env, PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' })
}

/** All settings that are in force in a folder, in order. */
export async function settings(git: SimpleGit): Promise<(readonly [name: string, value: string])[]> {
  const found = (await git.raw(['config', '--null', '--list'])).split('\0')
  return found
    .filter((text) => text !== '')
    .map((text) => {
      const at = text.indexOf('\n')
      return at < 0 ? ([text, ''] as const) : ([text.slice(0, at), text.slice(at + 1)] as const)
    })
}

/**
 * Configuration that empties the filters which git would run to compare files: by environment, since their names may
 * hold any character. A name that is no text cannot be said in it, and is refused.
 */
export function withoutFilters(names: readonly string[]): Record<string, string> {
  const filters = names.filter((name) => /^filter\./i.test(name))
  if (filters.some((name) => name.includes(NO_TEXT))) throw new Error('the name of a filter is not text')
  const keys = [...new Set(filters)].filter((name) => /\.(clean|smudge|process|required)$/.test(name))
  const pairs = keys.flatMap((key, i) => [
    [`GIT_CONFIG_KEY_${i}`, key],
    [`GIT_CONFIG_VALUE_${i}`, key.endsWith('.required') ? 'false' : ''],
  ])
  return { GIT_CONFIG_COUNT: String(keys.length), ...Object.fromEntries(pairs) }
}

/** Why git could not answer, without the paths and values that its words may hold. */
export function reasonOf(error: unknown): string {
  const words = error instanceof Error ? error.message.trim() : String(error)
  if (/not a git repository/i.test(words)) return 'not in a git repository'
  if (/dubious ownership/i.test(words)) return 'the git repository belongs to another user'
  if (/needed a single revision/i.test(words)) return 'the git repository has no commit yet'
  if (/spawn .*ENOENT/.test(words)) return 'git is not installed'
  if (/block timeout/i.test(words)) return 'git did not answer'
  return (words.split('\n')[0] ?? '').replace(/'[^']*'|"[^"]*"|\/\S+/g, '…').slice(0, 1000)
}
