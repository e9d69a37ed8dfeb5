/**
 * CITATION.cff (Citation File Format 1.2.0) for the result set of a run. Strings are written as JSON, which is YAML too,
 * so that nothing in a name can become structure.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { Manifest } from '../manifest.ts'
import type { Author } from './author.ts'
import { dayOf, repositoryUrl, revisionSwhid } from './facts.ts'

/** The text of the file. Throws `usage` where no author is given, whom the format demands. */
export function citationFile(manifest: Manifest, authors: readonly Author[], license: string | null): string {
  if (authors.length === 0) {
    throw new RepriseError('usage', 'a citation file must name at least one author', {
      subject: '--cff',
      remedy: 'Name them: --author "Doe, Jane"',
    })
  }
  const { experiment, run, results } = manifest
  const { commit } = run.code
  const [repository, swhid] = [repositoryUrl(run), revisionSwhid(run)]
  const lines = [
    'cff-version: 1.2.0',
    'message: "If you use these results, please cite them as below."',
    'type: dataset',
    `title: ${quoted(`${experiment.document.name}: results of run ${run.id}`)}`,
    'authors:',
    ...authors.flatMap(authorLines),
    `date-released: ${quoted(dayOf(run.sealed))}`,
    `version: ${quoted(run.id)}`,
    ...(license === null ? [] : [`license-url: ${quoted(license)}`]),
    ...(repository === null ? [] : [`repository-code: ${quoted(repository)}`]),
    ...(commit === null ? [] : [`commit: ${quoted(commit)}`]),
    'identifiers:',
    ...identifier('other', results.root, 'Result root: the Merkle tree hash over the bytes of all chunks'),
    ...identifier('other', experiment.hash, 'Experiment hash'),
    ...(swhid === null ? [] : identifier('swh', swhid, 'The revision of the code')),
    'keywords:',
    '  - reproducibility',
    '  - simulation',
  ]
  return `${lines.join('\n')}\n`
}

/** A person where the name says its parts; else an entity, whose name is one. */
function authorLines({ name, family, given, orcid }: Author): string[] {
  const [first, ...more] = [
    ...(family === null
      ? [`name: ${quoted(name)}`]
      : [`family-names: ${quoted(family)}`, `given-names: ${quoted(given!)}`]),
    ...(orcid === null ? [] : [`orcid: ${quoted(orcid)}`]),
  ]
  return [`  - ${first}`, ...more.map((line) => `    ${line}`)]
}

function identifier(type: 'other' | 'swh', value: string, description: string): string[] {
  return [`  - type: ${type}`, `    value: ${quoted(value)}`, `    description: ${quoted(description)}`]
}

/** A JSON string, with what YAML calls not printable escaped as well. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (odd) => `\\u${odd.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
