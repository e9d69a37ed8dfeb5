/**
 * A new project, of a template: a folder that is there whole or not at all, or files beside those of a folder that is there. Nothing
 * that is there is ever written over.
 */
import { lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import { writeDurably } from './durable.ts'
import { ROOT, VERSION } from './installed.ts'
import { ownPackage } from './own-package.ts'
import { command } from './templates/command.ts'
import { python } from './templates/python.ts'
import type { Template } from './templates/template.ts'
import { typescript } from './templates/typescript.ts'
import { demandFolder, writeWholeFolder } from './whole.ts'

export const TEMPLATES: Readonly<Record<string, Template>> = { typescript, python, command }

export interface NewProject {
  readonly folder: string
  readonly name: string
  readonly files: readonly string[]
  /** A repository was made; there is one; or git cannot be had. */
  readonly git: 'made' | 'there' | 'none'
}

/** Made once, for all projects. */
let packed: ReturnType<typeof ownPackage> | undefined

type Contents = Readonly<Record<string, string | Uint8Array>>

/** Makes the project, with Reprise itself packed in it where npm can do so: a registry may have another of its name. Throws `usage` for a name that npm would not take, `refused` with the list of files that are there. */
export async function newProject(target: string, template: Template, asked?: string): Promise<NewProject> {
  const folder = resolve(target)
  const name = asked ?? basename(folder)
  checkName(name, asked === undefined)
  packed ??= ownPackage()
  const tool = await packed
  const from = 'reason' in tool ? ROOT : tool.name
  const files: Contents = {
    ...template.files({ name, reprise: { version: VERSION, from: `file:${from}` }, versionOf: versions() }),
    ...('reason' in tool ? {} : { [tool.name]: tool.bytes }),
  }
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    demandFolder(folder)
    writeWholeFolder(folder, (put) => {
      for (const [path, content] of Object.entries(files)) put(path, content)
    })
  } else addFiles(folder, files)
  return { folder, name, files: Object.keys(files), git: await beginRepository(folder) }
}

/** Names that npm keeps, and that of what the project uses. */
const TAKEN = ['node_modules', 'favicon.ico', 'reprise']

function checkName(name: string, isFolder: boolean): void {
  if (/^[a-z0-9][a-z0-9._-]{0,99}$/.test(name) && !TAKEN.includes(name)) return
  throw new RepriseError('usage', 'cannot be the name of a project', {
    subject: JSON.stringify(name.slice(0, 120)),
    remedy: `Name it with small letters, digits, - . and _${isFolder ? ': --name NAME' : ''}`,
  })
}

/** The tools of a project are those that Reprise itself is made with, exactly. */
function versions(): (tool: string) => string {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  return (tool) => dependencies[tool] ?? devDependencies[tool]
}

/** All of them, or none. */
function addFiles(folder: string, files: Contents): void {
  const paths = Object.keys(files)
  const kindOf = (path: string) => lstatSync(join(folder, path), { throwIfNoEntry: false })
  const there = paths.filter((path) => kindOf(path) !== undefined)
  const astray = [...new Set(paths.map((path) => dirname(path)))].filter(
    (path) => kindOf(path)?.isDirectory() === false, // a link could lead out of the folder
  )
  if (there.length + astray.length > 0)
    throw new RepriseError('refused', `there already: ${[...there, ...astray].join(', ')}`, {
      subject: folder,
      remedy: 'Name another folder; nothing was written',
    })
  const made: string[] = []
  try {
    for (const [path, content] of Object.entries(files)) {
      const parent = dirname(join(folder, path))
      const first = mkdirSync(parent, { recursive: true })
      if (first !== undefined) made.unshift(first)
      writeDurably(join(folder, path), content, { exclusive: true })
      made.unshift(join(folder, path))
    }
  } catch (error) {
    for (const path of made) rmSync(path, { recursive: true, force: true })
    throw error
  }
}

async function beginRepository(folder: string): Promise<NewProject['git']> {
  for (let at = folder; ; at = dirname(at)) {
    if (lstatSync(join(at, '.git'), { throwIfNoEntry: false }) !== undefined) return 'there'
    if (dirname(at) === at) break
  }
  const { gitIn } = await import('../provenance/git.ts')
  try {
    await gitIn(folder).raw('init', '--quiet', '--initial-branch=main')
    return 'made'
  } catch {
    return 'none'
  }
}
