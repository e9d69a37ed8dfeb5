/**
 * The numbers of a report for other programs: the table of `reprise results --means --format csv`, with every field, and values
 * of the design as they are. Only what people look at is cut (model.ts).
 */
import { type FlatRow, inferColumns } from '../../lab/columns.ts'
import { flattenMeans, outcomeMeans } from '../../lab/means.ts'
import type { Outcome } from '../../lab/rows.ts'
import { csvText } from '../../lab/tables.ts'
import { pointAt } from '../../lib/design.ts'
import type { ExperimentDocument } from '../../lib/document.ts'
import { type Model, momentsAt } from './model.ts'

/** The table as CSV, from all outcomes in design order; they are read twice. */
export function meansCsv(document: ExperimentDocument, outcomes: () => Iterable<Outcome>): Promise<string> {
  return textOf(function* () {
    for (const means of outcomeMeans(document, outcomes())) yield flattenMeans(means)
  })
}

/** The same where outcomes are not at hand: of the fields that a model has. */
export function modelCsv({ design }: ExperimentDocument, model: Model): Promise<string> {
  return textOf(function* () {
    for (let index = 0; index < model.points; index++) {
      const means = model.fields.flatMap((field) =>
        field.count[index] === 0 ? [] : [[field.name, momentsAt(field, index)] as const],
      )
      yield flattenMeans({
        point: pointAt(design, index),
        jobs: model.jobs[index]!,
        of: model.jobs[index]!,
        failed: model.failed[index]!,
        means: Object.fromEntries(means),
      })
    }
  })
}

async function textOf(rows: () => Iterable<FlatRow>): Promise<string> {
  const pieces: string[] = []
  for await (const piece of csvText(inferColumns(rows()), rows())) pieces.push(piece)
  return pieces.join('')
}
