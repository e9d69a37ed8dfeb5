/** A task of a container, in place of the bundled program: by its environment alone, out of the bucket, and it puts soon what it is told. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesFrom } from '../../../runners/array/content.ts'
import { executeTask } from '../../../runners/array/task.ts'
import { taskHere } from '../../../runners/cloud/task-here.ts'
import { s3Store } from '../../../runners/s3/s3-store.ts'

const here = taskHere(process.env)
const store = s3Store(here.store)
const folder = mkdtempSync(join(tmpdir(), 'task-'))
const code = await executeTask(here.task, { store, content: filesFrom(store, folder) }, { gatherMs: 50 })
rmSync(folder, { recursive: true, force: true })
store.close()
process.exit(code)
