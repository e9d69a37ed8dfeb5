/** A BibTeX entry for the result set of a run: what is cited is these results, named by their root. */
import type { Manifest } from '../manifest.ts'
import type { Author } from './author.ts'
import { dayOf, repositoryUrl } from './facts.ts'
import { texCommit, texDigest, texText } from './tex.ts'

export function bibtexEntry(manifest: Manifest, authors: readonly Author[]): string {
  const { experiment, run, results } = manifest
  const [year, month] = dayOf(run.sealed).split('-')
  const { commit } = run.code
  const url = repositoryUrl(run)
  const note = [
    `Result root \\texttt{${texDigest(results.root)}}`,
    `experiment \\texttt{${texDigest(experiment.hash)}}`,
    ...(commit === null ? [] : [`commit \\texttt{${texCommit(commit, null)}}`]),
  ]
  const fields: readonly (readonly [string, string | null])[] = [
    ['author', authors.length === 0 ? null : authors.map(authorName).join(' and ')],
    ['title', `{${texText(experiment.document.name, null)}: results of run ${texText(run.id, null)}}`],
    ['year', year!],
    ['month', String(Number(month))],
    ['howpublished', `Data set, sealed by Reprise ${texText(run.reprise, null)}`],
    ['note', note.join(', ')],
    ['url', url],
  ]
  const told = fields
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `  ${name} = {${value}},\n`)
  return `@misc{${citationKey(manifest)},\n${told.join('')}}\n`
}

/** `epidemic-1f2e3d4c`: letters, digits and hyphens of the name, and the root's beginning. */
export function citationKey({ experiment, results }: Manifest): string {
  const name = experiment.document.name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .toLowerCase()
  return `${name === '' ? 'results' : name}-${results.root.slice(0, 8)}`
}

/** `Family, Given` as BibTeX takes it; what is not split stays one name, whatever is in it. */
function authorName({ name, family, given }: Author): string {
  return family === null
    ? `{${texText(name, null)}}`
    : `{${texText(family, null)}}, {${texText(given!, null)}}`
}
