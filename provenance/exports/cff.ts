/**
 * CITATION.cff (Citation File Format 1.2.0) for the result sets of runs. Strings are written as JSON, which is YAML too,
 * so that nothing in a name can become structure.
 */
import type { Manifest } from '../manifest.ts'
import { commonRepository, dayOfRuns, demandAuthors, sameOf, titleOf } from './artifact.ts'
import type { Author } from './author.ts'
import { revisionSwhid } from './facts.ts'

/** The text of the file. Throws `usage` where no author is given, whom the format demands. */
export function citationFile(
  manifests: readonly Manifest[],
  authors: readonly Author[],
  license: string | null,
  flag = '--cff',
): string {
  demandAuthors(authors, flag)
  const commit = sameOf(manifests.map(({ run }) => run.code.commit))
  const swhid = sameOf(manifests.map(({ run }) => revisionSwhid(run)))
  const repository = commonRepository(manifests)
  const one = manifests.length === 1
  const lines = [
    'cff-version: 1.2.0',
    'message: "If you use these results, please cite them as below."',
    'type: dataset',
    `title: ${quoted(titleOf(manifests))}`,
    'authors:',
    ...authors.flatMap(authorLines),
    `date-released: ${quoted(dayOfRuns(manifests))}`,
    ...(one ? [`version: ${quoted(manifests[0]!.run.id)}`] : []),
    ...(license === null ? [] : [`license-url: ${quoted(license)}`]),
    ...(repository === null ? [] : [`repository-code: ${quoted(repository)}`]),
    ...(commit === null ? [] : [`commit: ${quoted(commit)}`]),
    'identifiers:',
    ...identifiersOf(manifests, one),
    ...(swhid === null ? [] : identifier('swh', swhid, 'The revision of the code')),
    'keywords:',
    '  - reproducibility',
    '  - simulation',
  ]
  return `${lines.join('\n')}\n`
}

/** The format wants each identifier once: runs of one experiment share its hash, and reruns the root. */
function identifiersOf(manifests: readonly Manifest[], one: boolean): string[] {
  const told = new Map<string, string>()
  for (const { experiment, run, results } of manifests) {
    const of = one ? '' : ` of run ${run.id}`
    const both = [
      [results.root, `Result root${of}: the Merkle tree hash over the bytes of all chunks`],
      [experiment.hash, `Experiment hash${of}`],
    ] as const
    for (const [value, words] of both) if (!told.has(value)) told.set(value, words)
  }
  return [...told].flatMap(([value, words]) => identifier('other', value, words))
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
