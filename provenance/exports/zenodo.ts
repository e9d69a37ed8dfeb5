/**
 * `.zenodo.json`: what Zenodo, and `reprise deposit`, take as the metadata of an artifact. A licence is named only where its
 * author gave one that has a name at SPDX, which is how Zenodo knows it.
 */
import {
  type ArtifactFacts,
  artifactTitle,
  commonRepository,
  dayOfRuns,
  sameOf,
  spdxName,
} from './artifact.ts'
import type { Author } from './author.ts'

/** The text of the file. */
export function zenodoFile(facts: ArtifactFacts): string {
  const { runs, authors, license } = facts
  const manifests = runs.map(({ manifest }) => manifest)
  const name = spdxName(license)
  const repository = commonRepository(manifests)
  const version = sameOf(manifests.map(({ run }) => run.id))
  const metadata = {
    title: artifactTitle(facts),
    upload_type: 'dataset',
    publication_date: dayOfRuns(manifests),
    description: description(facts),
    creators: authors.map(creator),
    ...(version === null ? {} : { version }),
    ...(name === null ? {} : { access_right: 'open', license: name.toLowerCase() }),
    keywords: ['reproducibility', 'simulation'],
    ...(repository === null
      ? {}
      : { related_identifiers: [{ identifier: repository, relation: 'isDerivedFrom' }] }),
  }
  return `${JSON.stringify(metadata, null, 2)}\n`
}

/** Zenodo shows it as HTML. */
function description({ runs, tool }: ArtifactFacts): string {
  const rows = runs.map(
    ({ key, manifest: { experiment, results, run } }) =>
      `<li><code>${key}.zip</code>: run ${html(run.id)} of ${html(experiment.document.name)}, result root <code>${results.root}</code></li>`,
  )
  const how =
    tool === null ? 'README.md says how' : 'README.md says how, with the tool that is in this record'
  return `<p>Results of reproducible experiments with the record of how they came about. Each can be verified, and executed again bit for bit: ${how}.</p><ul>${rows.join('')}</ul>`
}

function creator({ name, family, given, orcid }: Author): { name: string; orcid?: string } {
  return {
    name: family === null ? name : `${family}, ${given}`,
    ...(orcid === null ? {} : { orcid: orcid.replace(/^https:\/\/orcid\.org\//, '') }),
  }
}

function html(text: string): string {
  const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (mark) => marks[mark]!)
}
