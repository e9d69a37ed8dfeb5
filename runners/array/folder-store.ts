/**
 * A folder that all nodes see as a store: a key is a path below it. A key is put by a temporary file in the same folder,
 * fsync and link, so that it is there whole or not at all, and of two that put it at once one is told. Putting holds up whoever
 * puts until it is done: what is told to a sink cannot be slowed down otherwise, and must not pile up.
 */
import { constants, mkdirSync, realpathSync } from 'node:fs'
import { type FileHandle, open, readdir, realpath, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'
import { syncFolder, writeWhole } from '../detached/written.ts'
import { demandBeginning, demandKey, KEY, type Store } from './store.ts'

/** A name that a link has, or what waits for a writer, is not opened. */
const FOR_READING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

export function folderStore(folder: string): Store {
  const root = resolve(folder)
  /** Folders that are there, durably. */
  const made = new Set<string>()
  return {
    async put(key, bytes) {
      const path = pathOf(root, key)
      return telling(path, () => {
        try {
          makeFolders(root, dirname(path), made)
          return writeWhole(path, bytes, { first: true })
        } catch (error) {
          if (!isAbsent(error) || made.size === 0) throw error
          made.clear() // somebody removed them
          makeFolders(root, dirname(path), made)
          return writeWhole(path, bytes, { first: true })
        }
      })
    },
    async get(key) {
      const path = pathOf(root, key)
      return telling(path, async () => {
        const file = await openWithin(root, path)
        try {
          const is = await file?.stat()
          return file === null || is!.isDirectory() ? null : await contentOf(file, is!.isFile())
        } finally {
          await file?.close()
        }
      })
    },
    list: (prefix) => telling(root, () => keysFrom(root, prefix)),
    async remove(prefix) {
      const { folder: within, name } = cut(prefix)
      await telling(root, async () => {
        for (const entry of await entriesOf(root, within)) // with what those left who died, where all goes
          if (entry.name.startsWith(name))
            await rm(join(root, within, entry.name), { recursive: true, force: true })
      })
    },
  }
}

function pathOf(root: string, key: string): string {
  demandKey(key)
  return join(root, key)
}

/** The folder that keys of this prefix are in or below, and how their names begin there. */
function cut(prefix: string): { folder: string; name: string } {
  demandBeginning(prefix)
  const at = prefix.lastIndexOf('/')
  return { folder: prefix.slice(0, Math.max(0, at)), name: prefix.slice(at + 1) }
}

async function keysFrom(root: string, prefix: string): Promise<string[]> {
  const { folder, name } = cut(prefix)
  const keys: string[] = []
  const walk = async (within: string, beginning: string): Promise<void> => {
    for (const entry of await entriesOf(root, within)) {
      if (!entry.name.startsWith(beginning) || !KEY.test(entry.name)) continue
      const key = within === '' ? entry.name : `${within}/${entry.name}`
      if (entry.isFile()) keys.push(key)
      else if (entry.isDirectory()) await walk(key, '')
    }
  }
  await walk(folder, name)
  return keys.sort()
}

/** None where the folder is not there, or where the way to it leads out of the store. */
async function entriesOf(root: string, within: string) {
  try {
    const path = join(root, within)
    if (within !== '' && !(await isWithin(root, path))) return []
    return await readdir(path, { withFileTypes: true })
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}

async function openWithin(root: string, path: string): Promise<FileHandle | null> {
  try {
    const parent = dirname(path)
    if (parent !== root && !(await isWithin(root, parent))) return null
    return await open(path, FOR_READING)
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

async function contentOf(file: FileHandle, isFile: boolean): Promise<Buffer> {
  if (!isFile) throw new Error('it is no file')
  return file.readFile()
}

/** Whether no part of the way from the root to a folder is a link. */
async function isWithin(root: string, folder: string): Promise<boolean> {
  return (await realpath(folder)) === join(await realpath(root), folder.slice(root.length))
}

/** Makes the folders down to this one, each durably before anything is put into it. Whoever made them may have died before that. */
function makeFolders(root: string, folder: string, made: Set<string>): void {
  if (made.has(folder)) return
  if (folder === root) mkdirSync(root, { recursive: true, mode: 0o700 })
  else {
    makeFolders(root, dirname(folder), made)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (realpathSync(folder) !== join(realpathSync(root), folder.slice(root.length)))
      throw new Error('the way to it leads out of the store')
  }
  syncFolder(dirname(folder))
  made.add(folder)
}

/** Does it; what the disk says becomes an error that tells what to do. */
async function telling<T>(path: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    if (cause instanceof RepriseError) throw cause
    throw new RepriseError('storage', (cause as Error).message, {
      subject: path,
      remedy: 'See that the shared folder has room and may be written to; what was put before is safe',
      cause,
    })
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}
