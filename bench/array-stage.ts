/** One stage of the simulation, in a process of its own: `array-stage.js STAGE FOLDER CHUNKS`. Says what it took, in JSON. */
import { listRuns } from '../lab/lab.ts'
import { collected, sent, submitted, supervised } from './array-collect.ts'
import { fabricateParts, makeWorld, worldIn } from './array-world.ts'

export interface Taken {
  readonly seconds: number
  /** Processor time, s: what it would have taken with a core of its own. */
  readonly busy: number
  /** Peak resident memory, bytes. */
  readonly peak: number
}

export type Stage = 'plan' | 'parts' | 'journal' | 'results'

const [stage, folder, chunks] = process.argv.slice(2)
const world = worldIn(folder!)
const begun = performance.now()
if (stage === 'send') {
  await sent(world)
  process.exit()
}
await go(stage as Stage)
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
const taken: Taken = {
  seconds: (performance.now() - begun) / 1_000,
  busy: (userCPUTime + systemCPUTime) / 1e6,
  peak: maxRSS * 1_024,
}
console.log(JSON.stringify(taken))
process.exit()

async function go(stage: Stage): Promise<void> {
  switch (stage) {
    case 'plan':
      makeWorld(world, Number(chunks))
      return submitted(world)
    case 'parts':
      return fabricateParts(world)
    case 'journal':
      return supervised(world)
    case 'results':
      return collected(folder!, listRuns(world.lab)[0]!)
  }
}
