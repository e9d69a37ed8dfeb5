/**
 * The conformance suite: what every runner must do, whatever it is made of. A runner's test is a factory, what it
 * is able to, and a call:
 *
 *   runnerSuite('local', (options) => …, { engines: true, … })
 */
import { after, describe } from 'node:test'
import type { Assignment, Runner } from '../../runners/runner.ts'
import { environmentCases } from './environments.ts'
import { failureCases, outsideCases } from './failures.ts'
import { inputCases } from './inputs.ts'
import { outputCases } from './output.ts'
import { type Hooks, type Recorder, record } from './recorder.ts'
import { resultCases } from './results.ts'
import { Workshop } from './workshop.ts'

export interface RunnerOptions {
  readonly engines: number
  readonly timeoutMs?: number
  readonly silenceMs?: number
}

export interface MadeRunner {
  readonly runner: Runner
  /** Ends and removes what making it left behind. */
  close(): void | Promise<void>
}

/** What a runner is able to. Cases that ask for more are left out. */
export interface Abilities {
  /** Its engines are processes: several at once, replaced when they are lost, and what they print is caught. */
  readonly engines: boolean
  /** Their pids are of this machine, so that the suite can kill and stop them. */
  readonly killable: boolean
  /** Towards the end it may have a chunk executed by two engines at once. */
  readonly repeats?: boolean
  /** Another suite covers the code below: only results, and engines that are killed. */
  readonly brief?: boolean
}

export interface Suite {
  readonly workshop: Workshop
  readonly abilities: Abilities
  /** Makes a runner, executes, closes it, and checks what must hold in any case. */
  execute(assignment: Assignment, options?: Partial<RunnerOptions>, hooks?: Hooks): Promise<Recorder>
}

export function runnerSuite(
  name: string,
  makeRunner: (options: RunnerOptions) => MadeRunner | Promise<MadeRunner>,
  abilities: Abilities,
): void {
  describe(`the ${name} runner`, { timeout: 1_200_000 }, () => {
    const workshop = new Workshop(true)
    after(() => workshop.close())
    const suite: Suite = {
      workshop,
      abilities,
      async execute(assignment, options = {}, hooks = {}) {
        const { runner, close } = await makeRunner({ engines: 2, ...options })
        try {
          return await record(runner, assignment, hooks, abilities.repeats)
        } finally {
          await close()
        }
      },
    }
    resultCases(suite)
    if (abilities.brief) {
      if (abilities.killable) outsideCases(suite)
      return
    }
    inputCases(suite)
    environmentCases(suite)
    if (abilities.engines) outputCases(suite)
    if (abilities.engines) failureCases(suite)
  })
}
