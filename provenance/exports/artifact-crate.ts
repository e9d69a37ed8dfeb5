/**
 * RO-Crate 1.1 metadata of an artifact, as a Process Run Crate 0.5: each run is a CreateAction whose result is its bundle. What
 * a run did chunk by chunk is told in the crate that `--ro-crate` makes of it.
 */
import {
  type ArtifactFacts,
  type ArtifactFile,
  type ArtifactRun,
  artifactTitle,
  dayOfRuns,
  README,
} from './artifact.ts'
import { authorIds, licenseEntity, licenseId, offset, personEntity } from './crate-about.ts'
import { compact, type Entity, PROFILES, profile, ref, refs } from './crate-entity.ts'

/** All that an artifact's files are told of, by what they are. */
type Told = readonly [format: string, name: string]

const TOLD: Readonly<Record<string, Told>> = {
  [README]: ['text/markdown', 'What this is, and how to check it'],
  'CITATION.cff': ['application/yaml', 'How to cite it'],
  '.zenodo.json': ['application/json', 'Metadata for Zenodo'],
  'codemeta.json': ['application/ld+json', 'The code as software catalogues know it'],
}

/** The text of `ro-crate-metadata.json`; `files` are all the others. */
export function artifactCrate(facts: ArtifactFacts, files: readonly ArtifactFile[]): string {
  const { runs, authors, license } = facts
  const process = PROFILES[1]!
  const graph: Entity[] = [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      about: ref('./'),
      conformsTo: ref('https://w3id.org/ro/crate/1.1'),
    },
    {
      '@id': './',
      '@type': 'Dataset',
      name: artifactTitle(facts),
      description:
        'Results of reproducible experiments, each with the record from which it can be verified and executed again bit for bit',
      datePublished: dayOfRuns(runs.map(({ manifest }) => manifest)),
      license: ref(licenseId(license)),
      author: refs(authorIds(authors)),
      conformsTo: ref(process.id),
      hasPart: refs(files.map(({ path }) => path)),
      mentions: refs(runs.map(actionId)),
    },
    profile(process),
    licenseEntity(license),
    ...authors.map(personEntity),
    ...files.map((file) => fileEntity(file, facts)),
    {
      '@id': '#reprise',
      '@type': 'SoftwareApplication',
      name: 'Reprise',
      softwareVersion: facts.version,
    },
    ...codeEntities(runs),
    ...runs.map((run) => actionEntity(run, authorIds(authors))),
  ]
  const context = ['https://w3id.org/ro/crate/1.1/context', 'https://w3id.org/ro/terms/workflow-run/context']
  return `${JSON.stringify({ '@context': context, '@graph': graph.map(compact) }, null, 2)}\n`
}

function fileEntity({ path, sha256, bytes }: ArtifactFile, facts: ArtifactFacts): Entity {
  const [encodingFormat, name] = toldOf(path, facts)
  return {
    '@id': path,
    '@type': 'File',
    name,
    encodingFormat,
    contentSize: String(bytes),
    sha256,
    ...(path === README ? { about: ref('./') } : {}),
  }
}

function toldOf(path: string, { runs, tool, licenseFile }: ArtifactFacts): Told {
  const run = runs.find(({ bundle, means }) => bundle.path === path || means?.path === path)
  if (run !== undefined)
    return run.bundle.path === path
      ? ['application/zip', `Bundle of run ${run.manifest.run.id}`]
      : ['text/csv', `Means of run ${run.manifest.run.id}, point by point`]
  if (tool?.path === path) return ['application/gzip', 'Reprise, packed for npm']
  if (licenseFile?.path === path) return ['text/plain', 'Licence of the project']
  return TOLD[path] ?? ['application/octet-stream', path]
}

function actionId({ manifest }: ArtifactRun): string {
  return `#run-${manifest.run.id}`
}

function codeId({ manifest }: ArtifactRun): string {
  return `#capsule-${manifest.capsule.sha256}`
}

/** Runs of one capsule share it. */
function codeEntities(runs: readonly ArtifactRun[]): Entity[] {
  const entities = runs.map((run) => ({
    '@id': codeId(run),
    '@type': 'SoftwareSourceCode',
    name: `Capsule of ${run.manifest.experiment.document.name}`,
    description: 'Experiment, packages and engine in one module; it lies in the bundle',
    programmingLanguage: 'JavaScript',
    sha256: run.manifest.capsule.sha256,
  }))
  return [...new Map(entities.map((entity) => [entity['@id'], entity])).values()]
}

function actionEntity(made: ArtifactRun, agents: readonly string[]): Entity {
  const { run, experiment, results } = made.manifest
  return {
    '@id': actionId(made),
    '@type': 'CreateAction',
    name: `Run ${run.id} of ${experiment.document.name}`,
    description: `${results.chunks} chunks with ${run.counts.jobs} jobs, of which ${run.counts.failedJobs} failed; result root ${results.root}`,
    startTime: offset(run.sessions[0]?.started ?? run.planned),
    endTime: offset(run.sealed),
    actionStatus: 'http://schema.org/CompletedActionStatus',
    instrument: ref(codeId(made)),
    agent: refs(agents),
    result: refs([made.bundle.path, ...(made.means === null ? [] : [made.means.path])]),
  }
}
