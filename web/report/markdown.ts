/** The numbers of a report as Markdown, for a repository: a table a field, and the statement of what they rest on. */
import { count, nameWords, several } from '../../lab/words.ts'
import { chunkCount, jobCount } from '../../lib/document.ts'
import { dayOf, nodeVersions, RERUN, repositoryUrl, signingKey } from '../../provenance/exports/facts.ts'
import type { Model } from './model.ts'
import type { ReportSource } from './source.ts'
import { columnsOf, rowsOf, tableCaption } from './table.ts'

/** Rows of a table that is still read; the CSV file has all. */
const MOST_ROWS = 1_000

/** The text of the file. */
export function reportMarkdown({ manifest, model }: ReportSource): string {
  const { experiment, run, results } = manifest
  const { document } = experiment
  const { jobs, failedJobs } = run.counts
  const url = repositoryUrl(run)
  const at =
    run.code.commit === null ? 'code that no commit has' : `commit \`${run.code.commit.slice(0, 64)}\``
  const asked = `${several(model.points, 'point')} × ${several(document.repetitions, 'repetition')} = ${several(jobCount(document), 'job')} in ${several(chunkCount(document), 'chunk')}`
  return `${[
    `# ${plain(document.name, 200)}`,
    `${asked}; ${failedJobs === 0 ? 'none failed' : `${count(failedJobs)} of ${count(jobs)} failed`}. Sealed on ${dayOf(run.sealed)}.`,
    ...Array.from({ length: Math.max(1, model.fields.length) }, (_, field) => fieldTable(model, field)),
    ...(model.leftOut.count === 0
      ? []
      : [
          `${count(model.leftOut.count)} more of ${count(model.fields.length + model.leftOut.count)} fields are left out here; the CSV file of \`reprise report --csv\` has all.`,
        ]),
    '## What these numbers rest on',
    [
      `- experiment \`${experiment.hash}\``,
      `- result root \`${results.root}\``,
      `- code: ${plain(run.file)}, ${at}${url === null ? '' : ` of <${url}>`}`,
      `- executed by Reprise ${plain(run.reprise)} on Node ${plain(nodeVersions(run).join(', '))}, run ${run.id}`,
      `- ${signingKey(manifest) === null ? 'not signed' : `signed by ${plain(signingKey(manifest)!)}`}`,
    ].join('\n'),
    `Every one of them can be had again, bit for bit, from the manifest: \`${RERUN}\`.`,
  ].join('\n\n')}\n`
}

function fieldTable(model: Model, field: number): string {
  const columns = columnsOf(model, field)
  const rows = rowsOf(model, field)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    `${plain(tableCaption(model, field), 400)}\n`,
    line(columns.map(({ head }) => plain(head))),
    line(columns.map(({ isNumber }) => (isNumber ? '--:' : ':--'))),
    ...rows.slice(0, MOST_ROWS).map((row) => line(columns.map(({ text }) => plain(text(row))))),
    ...(rows.length > MOST_ROWS ? [`\n… and ${count(rows.length - MOST_ROWS)} more points.`] : []),
  ].join('\n')
}

/** Foreign words as text: nothing in them is Markdown or HTML. */
function plain(words: string, longest = 100): string {
  return nameWords(words, longest).replace(/[\\`*_{}[\]<>()#|!~&]/g, '\\$&')
}
