/**
 * The program of a task in a container: it executes the task over the run's object store. Its store's credentials, and all else
 * that the container was told, stay with it; engines are given what they are to have and nothing more. It writes nothing but
 * below the folder for temporary files, and that it removes.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RepriseError } from '../../lib/errors.ts'
import { filesFrom } from '../array/content.ts'
import { executeTask } from '../array/task.ts'
import { s3Store } from '../s3/s3-store.ts'
import { IN_VAIN } from './container.ts'
import { taskHere } from './task-here.ts'

/** As it is made by boot.ts. */
const OWN_FOLDER = /^reprise-task-\w+$/

async function executeHere(): Promise<number> {
  removeOwn()
  const { task, store: place, env } = taskHere(process.env)
  const folder = mkdtempSync(join(tmpdir(), 'reprise-content-'))
  const store = s3Store(place)
  try {
    return await executeTask(task, { store, content: filesFrom(store, folder), env })
  } finally {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** This program's file, which is in memory. */
function removeOwn(): void {
  const folder = dirname(fileURLToPath(import.meta.url))
  if (OWN_FOLDER.test(basename(folder))) rmSync(folder, { recursive: true, force: true })
}

try {
  process.exitCode = await executeHere()
} catch (error) {
  console.error(`Error: ${error instanceof RepriseError ? error.line : (error as Error).message}`)
  process.exitCode = error instanceof RepriseError && error.code === 'usage' ? IN_VAIN : 1
}
process.exit() // whatever an engine may have left open
