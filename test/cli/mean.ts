/** The experiment that most tests of the command line run, quick or slow. */

export interface Mean {
  readonly name?: string
  readonly points?: number
  readonly repetitions?: number
  readonly chunk?: number
  /** Numbers drawn in a job: a million take some ten milliseconds. */
  readonly draws?: number
  /** Milliseconds that a job waits: it lasts, and leaves the processors to others. */
  readonly pause?: number
  readonly seed?: string
  /** Statements before the return, and more fields of the result. */
  readonly before?: string
  readonly fields?: string
}

/** An experiment's source: the mean of draws, at points a = 0, 1, …; as it stands 5 points, 20 chunks, in no time. */
export function mean(asked: Mean = {}): string {
  const { name = 'mean', points = 5, repetitions = 20, chunk = 5, draws = 100, pause = 0 } = asked
  const seed = asked.seed === undefined ? '' : `seed: ${JSON.stringify(asked.seed)},`
  return `import { experiment } from 'reprise'
export default experiment({
  name: ${JSON.stringify(name)}, ${seed}
  parameters: { a: Array.from({ length: ${points} }, (_, i) => i) },
  repetitions: ${repetitions},
  chunk: ${chunk},
  ${pause === 0 ? '' : 'async '}run({ point, repetition, random, log }) {
    ${pause === 0 ? '' : `await new Promise((go) => setTimeout(go, ${pause}))`}
    let sum = 0
    for (let i = 0; i < ${draws}; i++) sum += random()
    ${asked.before ?? ''}
    return { mean: point.a + sum / ${draws}, ${asked.fields ?? ''} }
  },
})
`
}

/** Two hundred chunks of some 20 ms: long enough to be disturbed at any moment. */
export const SLOW: Mean = { points: 10, repetitions: 80, chunk: 4, draws: 10_000, pause: 4 }
