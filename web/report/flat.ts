/** The numbers of a model as flat rows, a point each, in the columns of `reprise results --means`. */
import { type FlatRow, inferColumns } from '../../lab/columns.ts'
import { flattenMeans } from '../../lab/means.ts'
import { csvText } from '../../lab/tables.ts'
import { type Model, momentsAt } from './model.ts'

export function* flatPoints(model: Model): Generator<FlatRow> {
  for (let index = 0; index < model.points; index++) {
    const point = model.factors.map(({ name, values, levels }) => [name, values[levels[index]!]!] as const)
    const means = model.fields.flatMap((field) =>
      field.count[index] === 0 ? [] : [[field.name, momentsAt(field, index)] as const],
    )
    yield flattenMeans({
      point: Object.fromEntries(point),
      jobs: model.jobs[index]!,
      of: model.jobs[index]!,
      failed: model.failed[index]!,
      means: Object.fromEntries(means),
    })
  }
}

/** The same as CSV. */
export async function meansCsv(model: Model): Promise<string> {
  const pieces: string[] = []
  for await (const piece of csvText(inferColumns(flatPoints(model)), flatPoints(model))) pieces.push(piece)
  return pieces.join('')
}
