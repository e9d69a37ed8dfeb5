/** A task that puts what it is told soon, as a process that tests can kill: `tasker.js [task] STORE ARRAY INDEX JOB NODE RESTARTS`. */
import { executeTask } from '../../../runners/array/task.ts'
import { parseTaskWords, TASK } from '../../../runners/array/task-words.ts'

const words = process.argv.slice(process.argv[2] === TASK ? 3 : 2)
process.exit(await executeTask(parseTaskWords(words), { gatherMs: 50 }))
