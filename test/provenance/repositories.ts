/** Git repositories for tests, made by the plain git of the machine, and programs that must never be started. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CodeIdentity, type FoundCode, identifyCode } from '../../provenance/code.ts'
import { readRepository } from '../../provenance/repository.ts'
import type { Files, Trees } from './tree.ts'

const WHO = [
  '-c',
  'user.name=n',
  '-c',
  'user.email=e@example.org',
  '-c',
  'protocol.file.allow=always',
  '-c',
  'commit.gpgsign=false',
]

/** Runs git in a folder and gives what it says, without the white space around. */
export function git(folder: string, ...words: string[]): string {
  const env = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' }
  return execFileSync('git', [...WHO, ...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
}

/** A repository with one commit that has these files. */
export function repository(trees: Trees, files: Files = { 'main.ts': 'one\n' }, ...init: string[]): string {
  const root = trees.plant(files)
  git(root, 'init', '-q', '-b', 'trunk', ...init)
  git(root, 'add', '.')
  git(root, 'commit', '-q', '-m', 'first')
  return root
}

export const head = (root: string): string => git(root, 'rev-parse', 'HEAD')

/** The code of a capsule made of these files as they are now; the first is the experiment's. */
export async function found(...paths: string[]): Promise<FoundCode> {
  const sources = paths.map((path) => ({ path, bytes: readFileSync(path) }))
  return identifyCode(await readRepository(paths[0]!), paths[0]!, sources)
}

export async function identity(...paths: string[]): Promise<CodeIdentity> {
  return (await found(...paths)).identity
}

/** A folder of programs each of which leaves its name when somebody executes it. */
export class Traps {
  readonly folder: string

  constructor(trees: Trees) {
    this.folder = trees.plant({})
  }

  /** Sets one: the path of a program that then does as `then` says. */
  set(name: string, then = 'cat'): string {
    const path = join(this.folder, name)
    writeFileSync(path, `#!/bin/sh\necho ${name} >> '${join(this.folder, 'ran')}'\n${then}\n`)
    chmodSync(path, 0o755)
    return path
  }

  /** Names of those that were executed. */
  get ran(): string {
    const path = join(this.folder, 'ran')
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }
}

/** Writes settings into a configuration file, whatever their names hold. */
export function configure(file: string, settings: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(settings)) execFileSync('git', ['config', '-f', file, key, value])
}
