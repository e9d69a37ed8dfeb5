/** The memory runner conforms. */
import { memoryRunner } from '../../runners/memory.ts'
import { runnerSuite } from './suite.ts'

runnerSuite('memory', () => ({ runner: memoryRunner(), close: () => {} }), {
  engines: false,
  killable: false,
})
