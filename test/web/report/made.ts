/** Reports for tests: models without a run, and pages of real ones as files that a browser opens. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Outcome } from '../../../lab/rows.ts'
import { type Design, pointAt, pointCount } from '../../../lib/design.ts'
import type { ExperimentDocument } from '../../../lib/document.ts'
import type { Json } from '../../../lib/values.ts'
import type { Labels } from '../../../provenance/manifest.ts'
import { type Model, modelOf } from '../../../web/report/model.ts'
import { reportPage } from '../../../web/report/report.ts'
import type { ReportSource } from '../../../web/report/source.ts'
import type { Trees } from '../../provenance/tree.ts'

/** The model of a design whose jobs give what `result` says. */
export function madeModel(
  design: Design,
  result: (point: Readonly<Record<string, Json>>, repetition: number) => Json,
  { repetitions = 3, labels = {} }: { repetitions?: number; labels?: Labels } = {},
): Model {
  const document: ExperimentDocument = {
    format: 'reprise/experiment/1',
    name: 'made',
    design,
    repetitions,
    chunk: repetitions,
    random: 'xor4096',
    seed: null,
  }
  function* outcomes(): Generator<Outcome> {
    for (let chunk = 0; chunk < pointCount(design); chunk++) {
      const point = pointAt(design, chunk)
      for (let repetition = 0; repetition < repetitions; repetition++)
        yield { chunk, point, repetition, result: result(point, repetition) }
    }
  }
  return modelOf(document, outcomes(), labels)
}

/** The page of a source as a file; where it lies, and how many bytes it has. */
export async function pageFile(
  trees: Trees,
  source: ReportSource,
): Promise<{ url: string; bytes: number; text: string }> {
  const text = await reportPage(source)
  const path = join(trees.plant({}), 'report.html')
  writeFileSync(path, text)
  return { url: pathToFileURL(path).href, bytes: Buffer.byteLength(text), text }
}
