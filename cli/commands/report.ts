/** `reprise report RUN|MANIFEST|BUNDLE`: a sealed run as a page that stands alone, and its numbers and figures as files for a paper. */
import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { findLab, type Lab } from '../../lab/lab.ts'
import {
  checkFreeFile,
  checkFreeFolder,
  demandFolder,
  type WrittenFile,
  writeWholeFile,
  writeWholeFolder,
} from '../../lab/whole.ts'
import { RepriseError } from '../../lib/errors.ts'
import type { ReportSource } from '../../web/report/source.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { count } from '../words.ts'

export interface ReportOptions {
  readonly json?: boolean
  readonly output?: string
  readonly md?: string
  readonly csv?: string
  readonly svg?: string
  readonly whole?: boolean
  readonly force?: boolean
}

export async function report(text: string, options: ReportOptions): Promise<number> {
  const out = terminal(options)
  checkTargets(options)
  return withUnpacked([text], { ...options, results: true }, async ([path]) => {
    const lab = findLab(process.cwd())
    const { reportSource } = await import('../../web/report/source.ts')
    const source = await reportSource(lab, path!, options.whole === true)
    const { manifest, model, hasResults, withheld } = source
    const target = options.output ?? pageName(manifest.experiment.document.name, manifest.run.id)
    if (options.output === undefined) checkTargets({ ...options, output: target })
    const asked = [options.md, options.csv, options.svg].some((file) => file !== undefined)
    if (!hasResults && asked)
      throw new RepriseError('not-found', 'its results are not beside it, so there are no numbers to write', {
        subject: text,
        remedy: 'Name a bundle, or the run itself; the page alone can be made without results',
      })
    const written = await writeAll(lab, target, options, source)
    for (const { file, bytes } of written) out.say(`wrote ${file} (${count(bytes)} bytes)`)
    for (const words of withheld) out.say(`the page does not hold ${words}`)
    if (!hasResults) out.say('the page shows no results: there are none beside the manifest')
    out.print(target)
    out.answer({
      run: manifest.run.id,
      experiment: manifest.experiment.hash,
      root: manifest.results.root,
      page: target,
      points: model.points,
      hasResults,
      withheld,
      files: written,
    })
    return EXIT.done
  })
}

interface Written extends Pick<WrittenFile, 'sha256' | 'bytes'> {
  readonly file: string
}

/** All texts are made before the first is written. */
async function writeAll(
  lab: Lab,
  target: string,
  { md, csv, svg }: ReportOptions,
  source: ReportSource,
): Promise<Written[]> {
  const { reportPage, reportFigures } = await import('../../web/report/report.ts')
  const texts: [string, string][] = [[target, reportPage(source)]]
  if (md !== undefined)
    texts.push([md, (await import('../../web/report/markdown.ts')).reportMarkdown(source)])
  if (csv !== undefined) {
    const { meansCsv } = await import('../../web/report/flat.ts')
    const { reportOutcomes } = await import('../../web/report/outcomes.ts')
    const { document } = source.manifest.experiment
    texts.push([csv, await meansCsv(document, () => reportOutcomes(lab, source))])
  }
  const figures = svg === undefined ? null : reportFigures(source)
  if (figures?.size === 0)
    throw new RepriseError('refused', 'there is nothing to draw: no numbers, or a single point', {
      subject: '--svg',
      remedy: 'Leave --svg out',
    })
  const written: Written[] = []
  if (svg !== undefined && figures !== null) {
    const files = writeWholeFolder(svg, (put) => [...figures].map(([name, text]) => put(name, text)))
    written.push(...files.map(({ path, sha256, bytes }) => ({ file: `${svg}/${path}`, sha256, bytes })))
  }
  for (const [file, text] of texts) {
    const { sha256, bytes } = writeWholeFile(file, text)
    written.unshift({ file, sha256, bytes })
  }
  return written
}

/** Nothing is read, let alone made, for a file that could not be written. */
function checkTargets({ output, md, csv, svg, force = false }: ReportOptions): void {
  const places = new Map<string, string>()
  for (const [option, target] of Object.entries({
    '--output': output,
    '--md': md,
    '--csv': csv,
    '--svg': svg,
  })) {
    if (target === undefined) continue
    demandFolder(target)
    const place = join(realpathSync(dirname(resolve(target))), basename(resolve(target)))
    const other = places.get(place)
    if (other !== undefined)
      throw new RepriseError('usage', `${other} and ${option} would be written to the same place`, {
        subject: target,
        remedy: 'Name another for one of them',
      })
    places.set(place, option)
  }
  for (const file of [output, md, csv]) {
    if (file !== undefined) checkFreeFile(file, force)
  }
  if (svg !== undefined) checkFreeFolder(svg)
}

/** `report-sir-epidemic-20261127T175000123-ab12cd.html`, whatever the experiment is called. */
function pageName(name: string, run: string): string {
  const told = name
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)
  return `report-${told === '' ? 'experiment' : told}-${run}.html`
}
