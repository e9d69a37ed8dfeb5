/**
 * RO-Crate 1.1 metadata of a run, by the Workflow Run RO-Crate profiles 0.5: the capsule is the workflow, a run of it a
 * CreateAction, each session an OrganizeAction of Reprise. Up to MOST_ACTIONS chunks every chunk has an action of its own
 * (Provenance Run Crate); above that there would be more metadata than data, and the leaves in the manifest say as much.
 */
import { jobCount } from '../../lib/document.ts'
import type { Manifest, Session } from '../manifest.ts'
import type { Author } from './author.ts'
import { authorIds, licenseEntity, licenseId, offset, personEntity } from './crate-about.ts'
import { chunkEntities } from './crate-chunks.ts'
import { compact, type Entity, PROFILES, profile, ref, refs } from './crate-entity.ts'
import { fileEntities } from './crate-files.ts'
import { softwareEntities, workflowEntities } from './crate-workflow.ts'
import { factorNames } from './factors.ts'
import { dayOf, RERUN, runTitle } from './facts.ts'
import { fileOf, type PayloadFile } from './payload.ts'

/** Chunks that are told one by one. */
export const MOST_ACTIONS = 1_000

export interface CrateFacts {
  readonly manifest: Manifest
  /** All that lies in the crate beside the metadata. */
  readonly files: readonly PayloadFile[]
  readonly authors: readonly Author[]
  /** The address of a licence; null when none was given. */
  readonly license: string | null
}

/** The text of `ro-crate-metadata.json`. */
export function crateMetadata(facts: CrateFacts): string {
  const { manifest, files } = facts
  const { leaves } = manifest.results
  const detailed = !('sha256' in leaves) && leaves.length <= MOST_ACTIONS
  const chunks = detailed
    ? chunkEntities(manifest, leaves, fileOf(files, 'results'), agency(facts.authors))
    : null
  const profiles = PROFILES.slice(0, detailed ? undefined : -1)
  const graph: Entity[] = [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      about: ref('./'),
      conformsTo: refs([
        'https://w3id.org/ro/crate/1.1',
        'https://w3id.org/workflowhub/workflow-ro-crate/1.0',
      ]),
    },
    rootEntity(
      facts,
      profiles.map(({ id }) => id),
      chunks?.ids ?? [],
    ),
    ...profiles.map(profile),
    licenseEntity(facts.license),
    {
      '@id': '#result-root',
      '@type': 'PropertyValue',
      name: 'result root',
      description: 'Merkle tree hash over the bytes of all chunks',
      propertyID: 'https://www.rfc-editor.org/rfc/rfc6962#section-2.1',
      value: manifest.results.root,
    },
    ...facts.authors.map(personEntity),
    ...fileEntities(manifest, files),
    ...workflowEntities(manifest, files, chunks === null ? null : chunks.tool),
    ...softwareEntities(manifest),
    runEntity(facts),
    ...(chunks?.entities ?? []),
    ...sessionEntities(facts, chunks !== null),
  ]
  const context = ['https://w3id.org/ro/crate/1.1/context', 'https://w3id.org/ro/terms/workflow-run/context']
  return `${JSON.stringify({ '@context': context, '@graph': graph.map(compact) }, null, 2)}\n`
}

function rootEntity(
  { manifest, files, authors, license }: CrateFacts,
  profiles: readonly string[],
  chunkIds: readonly string[],
): Entity {
  const { experiment, run } = manifest
  return {
    '@id': './',
    '@type': 'Dataset',
    name: runTitle(manifest),
    description: `Results of the experiment ${experiment.document.name} with the record of how they came about. ${RERUN} executes it again and compares every bit; reprise verify manifest.json checks the record.`,
    datePublished: dayOf(run.sealed),
    license: ref(licenseId(license)),
    identifier: ref('#result-root'),
    ...authorship(authors),
    conformsTo: refs(profiles),
    mainEntity: ref(fileOf(files, 'capsule')!.path),
    hasPart: refs(files.map(({ path }) => path)),
    mentions: refs([runId(manifest), ...run.sessions.map((_, i) => sessionId(i)), ...chunkIds]),
  }
}

function authorship(authors: readonly Author[]): { author?: unknown } {
  return authors.length === 0 ? {} : { author: refs(authorIds(authors)) }
}

function agency(authors: readonly Author[]): { agent?: unknown } {
  return authors.length === 0 ? {} : { agent: refs(authorIds(authors)) }
}

function runId({ run }: Manifest): string {
  return `#run-${run.id}`
}

function sessionId(i: number): string {
  return `#session-${i + 1}`
}

function runEntity({ manifest, files, authors }: CrateFacts): Entity {
  const { run, experiment, results } = manifest
  const { document } = experiment
  const taken = files.filter(({ kind }) => kind === 'input').map(({ path }) => path)
  const made = files.filter(({ kind }) => kind === 'results' || kind === 'manifest').map(({ path }) => path)
  const repeats =
    run.rerunOf === null ? '' : `; it repeats run ${run.rerunOf.run} with the root ${run.rerunOf.root}`
  return {
    '@id': runId(manifest),
    '@type': 'CreateAction',
    name: `Run ${run.id} of ${document.name}`,
    description: `${results.chunks} chunks with ${jobCount(document)} jobs, of which ${run.counts.failedJobs} failed; experiment hash ${experiment.hash}${repeats}`,
    startTime: offset(run.sessions[0]?.started ?? run.planned),
    endTime: offset(run.sealed),
    actionStatus: 'http://schema.org/CompletedActionStatus',
    instrument: ref(fileOf(files, 'capsule')!.path),
    ...agency(authors),
    object: refs([...taken, ...factorIds(manifest)]),
    result: refs(made),
  }
}

function factorIds({ experiment }: Manifest): string[] {
  return factorNames(experiment.document.design).map((name) => `#factor-${encodeURIComponent(name)}`)
}

/** One a session; only where there are ControlActions does the profile let an engine's execution organise something. */
function sessionEntities({ manifest, authors }: CrateFacts, controlled: boolean): Entity[] {
  return manifest.run.sessions.map((session, i) => ({
    '@id': sessionId(i),
    '@type': controlled ? 'OrganizeAction' : 'Action',
    name: `Session ${i + 1} of run ${manifest.run.id}`,
    description: sessionWords(session),
    startTime: offset(session.started),
    ...(session.ended === null ? {} : { endTime: offset(session.ended) }),
    instrument: ref('#reprise'),
    ...agency(authors),
    ...(controlled ? { object: ref('#chunks') } : {}),
    result: ref(runId(manifest)),
  }))
}

function sessionWords({ runner, engines, environment, ended }: Session): string {
  const { node, v8, os, kernel, arch, cpu, cores } = environment
  const end = ended === null ? '; it was killed' : ''
  return `${engines} engines of the runner ${runner}, led by Node ${node} (V8 ${v8}) on ${os} ${kernel} ${arch}, ${cpu}, ${cores} cores${end}`
}
