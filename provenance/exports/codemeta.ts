/**
 * `codemeta.json` (CodeMeta 2.0, JSON-LD): the code of an artifact as software catalogues know it. The code's own licence is
 * told by the LICENSE file that lies beside it; `license` is what the author gave for the whole.
 */
import type { Manifest } from '../manifest.ts'
import { type ArtifactFacts, artifactTitle, commonRepository, dayOfRuns, README, sameOf } from './artifact.ts'
import type { Author } from './author.ts'
import { nodeVersions, plainVersion, revisionSwhid } from './facts.ts'

const CONTEXT = 'https://doi.org/10.5063/schema/codemeta-2.0'

/** The text of the file. */
export function codemetaFile(facts: ArtifactFacts): string {
  const { runs, authors, license, version } = facts
  const manifests = runs.map(({ manifest }) => manifest)
  const repository = commonRepository(manifests)
  const commit = sameOf(manifests.map(({ run }) => run.code.commit))
  const swhid = sameOf(manifests.map(({ run }) => revisionSwhid(run)))
  const nodes = [...new Set(manifests.flatMap(({ run }) => nodeVersions(run)))].sort()
  const meta = {
    '@context': CONTEXT,
    '@type': 'SoftwareSourceCode',
    name: artifactTitle(facts),
    description:
      'The code of reproducible experiments, as it was executed, with their results and the record of how they came about',
    ...(authors.length === 0 ? {} : { author: authors.map(author) }),
    ...(license === null ? {} : { license }),
    ...(repository === null ? {} : { codeRepository: repository }),
    ...(commit === null ? {} : { version: commit }),
    ...(swhid === null ? {} : { identifier: `https://archive.softwareheritage.org/${swhid}` }),
    datePublished: dayOfRuns(manifests),
    programmingLanguage: languages(manifests),
    runtimePlatform: nodes.map((node) => `Node.js ${plainVersion(node)}`),
    operatingSystem: systems(manifests),
    keywords: ['reproducibility', 'simulation'],
    readme: README,
    softwareSuggestions: {
      '@type': 'SoftwareApplication',
      name: 'Reprise',
      softwareVersion: version,
    },
  }
  return `${JSON.stringify(meta, null, 2)}\n`
}

function author({ name, family, given, orcid }: Author, i: number): object {
  return {
    '@id': orcid ?? `#author-${i + 1}`,
    '@type': family === null ? 'Organization' : 'Person',
    name,
    ...(family === null ? {} : { familyName: family, givenName: given }),
  }
}

/** By the ends of the experiments' files: what they start besides is told in their records. */
function languages(manifests: readonly Manifest[]): string[] {
  return [
    ...new Set(manifests.map(({ run }) => (/\.[cm]?ts$/.test(run.file) ? 'TypeScript' : 'JavaScript'))),
  ].sort()
}

function systems(manifests: readonly Manifest[]): string[] {
  const names = manifests.flatMap(({ run }) => run.sessions.map(({ environment }) => environment.os))
  return [...new Set(names)].sort()
}
