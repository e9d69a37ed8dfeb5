/** A task that puts what it is told soon, as a process that tests can kill: `tasker.js STORE ARRAY INDEX JOB NODE RESTARTS`. */
import { executeTask } from '../../../runners/array/task.ts'
import { parseTaskWords } from '../../../runners/array/task-words.ts'

process.exit(await executeTask(parseTaskWords(process.argv.slice(2)), { gatherMs: 50 }))
