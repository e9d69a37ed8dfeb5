/** A folder for a paper: `reprise.tex` with the statement, every figure and a table, and the manifest beside it. */
import { isAbsolute, normalize } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import { factorsOf } from '../provenance/exports/factors.ts'
import type { ToldMean, ToldPoint } from '../provenance/exports/latex-figures.ts'
import { latexPaper } from '../provenance/exports/latex-paper.ts'
import { verifyManifest } from '../provenance/verify.ts'
import { filesBeside, manifestName } from './attached-files.ts'
import type { Exportable } from './export.ts'
import { meanWords } from './mean-words.ts'
import { type PointMeans, recordMeans } from './means.ts'
import { openChunks } from './recorded-chunks.ts'
import { intactManifest } from './rerun.ts'
import { type WrittenFile, writeWholeFolder } from './whole.ts'

export interface LatexFolder {
  readonly files: readonly WrittenFile[]
  /** What is not in it, and why. */
  readonly missing: readonly string[]
}

/** Makes the folder. Throws `not-intact` where the results are not those of the record. */
export function writeLatexFolder(
  found: Exportable,
  target: string,
  asked: { readonly prefix: string; readonly location: string | null },
): LatexFolder {
  const { manifest, record } = found
  const means = meansOf(found)
  const swept = factorsOf(manifest.experiment.document.design)
    .filter(({ values }) => values.length > 1)
    .map(({ name }) => name)
  const file = manifestName(manifest.results.root)
  const way = normalize(target).replace(/\/$/, '')
  const isPlain = !isAbsolute(way) && /^[A-Za-z0-9.][A-Za-z0-9./-]*$/.test(way) // TeX would take others for more than names
  const folder = isPlain ? way : '.'
  const points = means === null ? null : means.map(toldPoint)
  const { text, left } = latexPaper(manifest, { ...asked, folder, file, points, swept })
  const { files: beside, missing } = filesBeside(found)
  const files = writeWholeFolder(target, (put) => [
    put('reprise.tex', text),
    put(file, record.bytes),
    ...beside.map(({ name, bytes }) => put(name, bytes)),
  ])
  const without = means === null ? ['the results are not at hand: there are no figures and no table'] : []
  const astray = isPlain
    ? []
    : [
        `where it lies, for \\${asked.prefix}embed: say \\newcommand{\\${asked.prefix}folder}{…} before \\input`,
      ]
  return {
    files,
    missing: [...without, ...left, ...astray, ...missing.map(({ name, why }) => `${name}: ${why}`)],
  }
}

/** Means of results that were held, chunk by chunk, against the record; null where they are not at hand. */
function meansOf({ lab, record, manifest }: Exportable): PointMeans[] | null {
  const { capsule, leaves } = intactManifest(lab, record)
  const chunks = openChunks(lab, record, manifest, true)
  if (chunks === null) return null
  try {
    const [problem] = verifyManifest(record.bytes, { capsule, leaves, chunks: chunks.chunks() }).problems
    if (problem !== undefined)
      throw new RepriseError('not-intact', problem.what, {
        subject: problem.where,
        remedy: 'Nothing was exported; see reprise verify',
      })
    return [...recordMeans(manifest.experiment, chunks)]
  } finally {
    chunks.close()
  }
}

function toldPoint({ point, jobs, failed, means }: PointMeans): ToldPoint {
  const told = Object.entries(means).flatMap(([field, moments]): [string, ToldMean][] => {
    const [mean, error = null] = meanWords(moments).split(' ± ')
    return mean === undefined || mean === '' ? [] : [[field, { mean, error, count: moments.count }]]
  })
  return { point, jobs, failed, means: Object.fromEntries(told) }
}
