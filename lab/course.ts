/**
 * The course of a check after its baseline: each variation is executed and judged. Where one differs, the baseline is
 * executed once more: what differs then, too, is not steady, and the variation is not to blame for it.
 */
import { judgeVariation, type Measure, notExecuted, type VariationReport } from './judge-variation.ts'
import type { Scratch } from './scratch.ts'
import { Unsteady } from './unsteady.ts'
import { baseline, type Variation } from './variations.ts'
import { type Execution, type Subject, vary } from './vary.ts'

export interface Coursed {
  readonly reports: readonly VariationReport[]
  readonly executions: readonly Execution[]
}

/** Executes the variations; `tell` hears each as it is done. */
export async function executeVariations(
  scratch: Scratch,
  subject: Subject,
  first: Execution,
  variations: readonly Variation[],
  tell: (report: VariationReport) => void,
): Promise<Coursed> {
  const { document } = subject.description
  const measure = new Map(first.done.map(({ chunk, bytes }) => [chunk, bytes]))
  const unsteady = new Unsteady(document)
  const reports: VariationReport[] = []
  const executions: Execution[] = [first]
  const report = (one: VariationReport) => {
    reports.push(one)
    tell(one)
  }
  const execute = async (variation: Variation) => {
    const execution = await vary(scratch, subject, variation)
    executions.push(execution)
    return execution
  }
  for (const variation of variations) {
    if (variation.unfit !== null) {
      report(notExecuted(variation, variation.unfit))
      continue
    }
    const execution = await execute(variation)
    const judge = () => judgeVariation(document, measure, variation, execution, unsteady)
    const found = judge()
    if (variation.name === 'again') {
      note(unsteady, measure, execution)
      report(found)
      continue
    }
    if (found.state !== 'divergent' || found.unsteadyOnly) {
      report(found)
      continue
    }
    const control = {
      ...baseline([...measure.keys()]),
      name: 'once more',
      how: 'the baseline, some time later',
    }
    const later = await execute(control)
    const moved = judgeVariation(document, measure, control, later, unsteady)
    note(unsteady, measure, later)
    if (moved.state === 'divergent' && !moved.unsteadyOnly) report(moved)
    report(judge())
  }
  return { reports, executions }
}

/** Takes what an execution under the baseline's surroundings gave otherwise as unsteady. */
function note(unsteady: Unsteady, measure: Measure, { done, failure }: Execution): void {
  if (failure?.code === 'not-intact') unsteady.experiment = true
  for (const { chunk, bytes } of done) {
    const expected = measure.get(chunk)
    if (expected !== undefined && Buffer.compare(expected, bytes) !== 0) unsteady.add(chunk, expected, bytes)
  }
}
