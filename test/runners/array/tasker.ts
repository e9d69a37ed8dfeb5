/** A task that puts what it is told soon, as a process that tests can kill: `tasker.js [task] STORE ARRAY INDEX JOB NODE RESTARTS`. */
import { pathsAsTheyAre } from '../../../runners/array/content.ts'
import { folderStore } from '../../../runners/array/folder-store.ts'
import { executeTask } from '../../../runners/array/task.ts'
import { parseTaskWords, TASK } from '../../../runners/array/task-words.ts'

const words = process.argv.slice(process.argv[2] === TASK ? 3 : 2)
const { store, ...place } = parseTaskWords(words)
const around = { store: folderStore(store), content: pathsAsTheyAre }
process.exit(await executeTask(place, around, { gatherMs: 50 }))
