/**
 * Where clusters are named: `reprise.config.json` or `reprise.config.ts` beside the lab, and the user's own
 * `config.json` in their configuration folder.
 *
 * A project may be from anybody, so its file is believed less. It cannot say which host keys are trusted or which ssh
 * configuration is read (that may run programs), no path of Node or of a folder on the hosts (which would be executed,
 * or written to), no further option of sbatch, and no variable that makes programs load code; it is a plain file of the
 * project, no link out of it; of two clusters with one name the user's own is meant; and where it is a program, that is
 * executed only when a cluster is asked for that no plain file names. A program of the project's that says which hosts a
 * cluster has is executed only where that cluster is used, and people are told before. What is left can do no more harm
 * than the project's experiments: a host of its choice is refused unless its key is known to the user already (or comes
 * from such a program, which has the user's rights), and of a private key that it names nothing but signatures leave this
 * machine, to such hosts only.
 */
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { parse } from 'lossless-json'
import { RepriseError } from '../lib/errors.ts'
import { type ClusterProfile, type ConfigOwner, checkConfig } from './check-config.ts'
import { configFolder } from './key.ts'
import type { Lab } from './lab.ts'

const MAX_BYTES = 2 ** 20

export interface Config {
  readonly path: string
  readonly owner: ConfigOwner
  readonly clusters: ReadonlyMap<string, ClusterProfile>
}

/** The project's configuration as data. */
export function projectConfigPath(lab: Lab): string {
  return join(dirname(lab.path), 'reprise.config.json')
}

/** The project's configuration as a program. */
export function projectProgramPath(lab: Lab): string {
  return join(dirname(lab.path), 'reprise.config.ts')
}

export function userConfigPath(): string {
  return join(configFolder(), 'config.json')
}

/** The file as people see it: short where they stand near. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path)
  return near.startsWith('..') || isAbsolute(near) ? path : near
}

/** What is configured without executing anything, the user's own first. `program` is one that was left unread. */
export function readConfigs(lab: Lab): { configs: Config[]; program: string | null } {
  const program = projectProgramPath(lab)
  const isProgram = existsSync(program)
  if (isProgram && existsSync(projectConfigPath(lab))) {
    throw new RepriseError('usage', 'is there beside reprise.config.json', {
      subject: shownPath(program),
      remedy: 'Keep one of the two',
    })
  }
  const configs = [readConfig(userConfigPath(), 'user'), readConfig(projectConfigPath(lab), 'project')]
  return { configs: configs.filter((config) => config !== null), program: isProgram ? program : null }
}

/** What the project's program names. It is executed, and `tell` is told before. */
export async function executeProgram(program: string, tell?: (line: string) => void): Promise<Config> {
  checkPlain(program)
  tell?.(`${shownPath(program)} is executed: it may name clusters`)
  const { executeConfig } = await import('./config-program.ts') // it loads a bundler
  return configOf(await executeConfig(program), program, 'project')
}

/** The file's clusters; null where there is no such file. */
export function readConfig(path: string, owner: ConfigOwner): Config | null {
  const text = readText(path, owner)
  return text === null ? null : configOf(parseText(text, path), path, owner)
}

function configOf(json: unknown, path: string, owner: ConfigOwner): Config {
  const clusters = [...checkConfig(json, shownPath(path), owner)]
  const folder = dirname(path)
  return {
    path,
    owner,
    clusters: new Map(clusters.map(([name, profile]) => [name, placed(profile, folder)])),
  }
}

/** Paths of this machine are relative to the file that names them; `~` is left to whoever reads them. */
function placed(profile: ClusterProfile, folder: string): ClusterProfile {
  const at = (path: string) => (/^~(\/|$)/.test(path) ? path : resolve(folder, path))
  if (profile.kind === 'kubernetes' && profile.kubeconfig !== undefined)
    return { ...profile, kubeconfig: at(profile.kubeconfig) }
  if (profile.kind !== 'ssh') return profile
  const { identity, config, knownHosts } = profile
  return {
    ...profile,
    ...(identity === undefined ? {} : { identity: [identity].flat().map(at) }),
    ...(config === undefined ? {} : { config: at(config) }),
    ...(knownHosts === undefined ? {} : { knownHosts: at(knownHosts) }),
  }
}

/** The file's text; null where there is none. */
export function readText(path: string, owner: ConfigOwner): string | null {
  if (owner === 'project') {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null
    checkPlain(path)
  } else if (!existsSync(path)) return null
  // Without O_NONBLOCK a named pipe would be waited for; links of the user's own are followed.
  const follow = owner === 'project' ? constants.O_NOFOLLOW : 0
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | follow)
  try {
    const stat = fstatSync(file)
    if (!stat.isFile() || stat.size > MAX_BYTES)
      throw noConfig(path, `is no file of at most ${MAX_BYTES} bytes`)
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

function checkPlain(path: string): void {
  if (lstatSync(path).isFile()) return
  throw new RepriseError('refused', 'is no plain file of the project', {
    subject: shownPath(path),
    remedy: 'Put the file itself there, not a link',
  })
}

export function parseText(text: string, path: string): unknown {
  try {
    return parse(text.replace(/^\ufeff/, ''), null, {
      parseNumber: Number,
      onDuplicateKey({ key }) {
        throw new Error(`the name ${JSON.stringify(key)} is there twice`)
      },
    })
  } catch (error) {
    const { message } = error as Error
    const at = /position (\d+)/.exec(message)?.[1]
    const line = at === undefined ? '' : `line ${text.slice(0, Number(at)).split('\n').length}: `
    throw noConfig(path, `is no JSON: ${line}${message.slice(0, 200)}`)
  }
}

function noConfig(path: string, what: string): RepriseError {
  return new RepriseError('usage', what, { subject: shownPath(path), remedy: 'Correct it, or move it away' })
}
