/**
 * A run as PROV-JSON (W3C member submission of 2013): the run used the experiment document, the capsule and the inputs and
 * generated the result set and the manifest; sessions are parts of it; software, schedulers too, is who it is associated with, and a
 * person only by the key that signed. What is named by a digest has it in its identifier.
 */

import { sha256, toHex } from '../../lib/digest.ts'
import { jobCount } from '../../lib/document.ts'
import { type Manifest, manifestBytes } from '../manifest.ts'
import {
  codeStands,
  nodeVersions,
  plainVersion,
  repositoryUrl,
  revisionSwhid,
  runTitle,
  signingKey,
} from './facts.ts'

/** Identifiers are ours; no registry knows them, and their digests are what they are worth. */
const NAMESPACE = 'urn:x-reprise:'

type Attributes = Readonly<Record<string, unknown>>
type Part = 'entity' | 'activity' | 'agent'
type Relation =
  | 'used'
  | 'wasGeneratedBy'
  | 'wasDerivedFrom'
  | 'wasAssociatedWith'
  | 'wasInformedBy'
  | 'alternateOf'
  | 'wasAttributedTo'
type Document = Record<string, Record<string, Attributes>>

/** The text of a PROV-JSON document. */
export function provJson(manifest: Manifest): string {
  const document: Document = {}
  const put = (part: Part, id: string, attributes: Attributes) => {
    document[part] = { ...document[part], [id]: attributes }
  }
  const relate = (relation: Relation, attributes: Attributes) => {
    const number = Object.keys(document[relation] ?? {}).length + 1
    document[relation] = { ...document[relation], [`_:${relation}${number}`]: attributes }
  }
  const { run } = manifest
  const ids = identifiers(manifest)
  putEntities(manifest, ids, put)
  put('activity', ids.run, {
    'prov:label': runTitle(manifest),
    'prov:startTime': run.sessions[0]?.started ?? run.planned,
    'prov:endTime': run.sealed,
    'reprise:chunks': integer(run.counts.chunks),
    'reprise:jobs': integer(run.counts.jobs),
    'reprise:failedJobs': integer(run.counts.failedJobs),
  })
  for (const entity of [ids.experiment, ids.capsule, ...inputIds(manifest)])
    relate('used', { 'prov:activity': ids.run, 'prov:entity': entity })
  for (const entity of [ids.results, ids.manifest])
    relate('wasGeneratedBy', { 'prov:entity': entity, 'prov:activity': ids.run, 'prov:time': run.sealed })
  relate('wasDerivedFrom', { 'prov:generatedEntity': ids.manifest, 'prov:usedEntity': ids.results })
  if (ids.code !== null)
    relate('wasDerivedFrom', { 'prov:generatedEntity': ids.capsule, 'prov:usedEntity': ids.code })
  putAgents(manifest, ids, put, relate)
  run.sessions.forEach((session, i) => {
    const id = `${ids.run}/session/${i + 1}`
    put('activity', id, {
      'prov:label': `session ${i + 1}`,
      'prov:startTime': session.started,
      ...(session.ended === null ? {} : { 'prov:endTime': session.ended }),
      'dcterms:isPartOf': qualified(ids.run),
      'reprise:runner': session.runner,
      'reprise:engines': integer(session.engines),
      'reprise:os': `${session.environment.os} ${session.environment.kernel}`,
      'reprise:cpu': session.environment.cpu,
    })
  })
  repetition(manifest, ids, put, relate)
  const prefix = { reprise: NAMESPACE, dcterms: 'http://purl.org/dc/terms/' }
  return `${JSON.stringify({ prefix, ...document }, null, 2)}\n`
}

interface Identifiers {
  readonly run: string
  readonly experiment: string
  readonly capsule: string
  readonly results: string
  readonly manifest: string
  /** The commit, where there is one. */
  readonly code: string | null
}

function identifiers(manifest: Manifest): Identifiers {
  const { run, experiment, capsule } = manifest
  const { commit } = run.code
  return {
    run: `reprise:run/${run.id}`,
    experiment: `reprise:experiment/${experiment.hash}`,
    capsule: `reprise:sha256/${capsule.sha256}`,
    results: `reprise:run/${run.id}/results`,
    manifest: `reprise:sha256/${toHex(sha256(manifestBytes(manifest)))}`,
    code: commit === null || !/^[0-9a-f]{40,64}$/.test(commit) ? null : `reprise:commit/${commit}`,
  }
}

function inputIds({ run }: Manifest): string[] {
  return [...new Set(Object.values(run.inputs))].sort().map((digest) => `reprise:sha256/${digest}`)
}

function putEntities(
  manifest: Manifest,
  ids: Identifiers,
  put: (part: Part, id: string, attributes: Attributes) => void,
): void {
  const { run, experiment, capsule, results, proof } = manifest
  const { document } = experiment
  put('entity', ids.experiment, {
    'prov:label': document.name,
    'prov:type': qualified('prov:Plan'),
    'reprise:repetitions': integer(document.repetitions),
    'reprise:jobs': integer(jobCount(document)),
    'reprise:random': document.random,
  })
  put('entity', ids.capsule, {
    'prov:label': `capsule of ${run.file}`,
    'reprise:bytes': integer(capsule.bytes),
  })
  for (const id of inputIds(manifest)) {
    const names = Object.keys(run.inputs).filter((name) => id.endsWith(run.inputs[name]!))
    put('entity', id, { 'prov:label': `input ${names.sort().join(', ')}` })
  }
  if (ids.code !== null && run.code.commit !== null) {
    const [repository, swhid] = [repositoryUrl(run), revisionSwhid(run)]
    put('entity', ids.code, {
      'prov:label': `commit ${run.code.commit}`,
      'reprise:changedSince': codeStands(run.code) === 'differs',
      ...(run.code.patch == null ? {} : { 'reprise:patch': run.code.patch.sha256 }),
      ...(repository === null ? {} : { 'reprise:repository': repository }),
      ...(swhid === null ? {} : { 'reprise:swhid': swhid }),
    })
  }
  put('entity', ids.results, {
    'prov:label': `results of ${runTitle(manifest)}`,
    'prov:type': qualified('prov:Collection'),
    'reprise:root': results.root,
    'reprise:chunks': integer(results.chunks),
  })
  put('entity', ids.manifest, { 'prov:label': 'manifest', 'reprise:record': proof.record })
}

function putAgents(
  manifest: Manifest,
  ids: Identifiers,
  put: (part: Part, id: string, attributes: Attributes) => void,
  relate: (relation: Relation, attributes: Attributes) => void,
): void {
  const { run } = manifest
  const software = [
    { id: `reprise:software/reprise/${encodeURIComponent(run.reprise)}`, label: `Reprise ${run.reprise}` },
    ...nodeVersions(run).map((node) => ({
      id: `reprise:software/node/${encodeURIComponent(plainVersion(node))}`,
      label: `Node.js ${node}`,
    })),
  ]
  for (const { id, label } of software) {
    put('agent', id, { 'prov:label': label, 'prov:type': qualified('prov:SoftwareAgent') })
    relate('wasAssociatedWith', { 'prov:activity': ids.run, 'prov:agent': id, 'prov:plan': ids.experiment })
  }
  for (const { kind, cluster, tasks } of run.scheduled ?? []) {
    const id = `reprise:scheduler/${[kind, ...(cluster === null ? [] : [cluster])].map(encodeURIComponent).join('/')}`
    put('agent', id, {
      'prov:label': cluster === null ? kind : `${kind} cluster ${cluster}`,
      'prov:type': qualified('prov:SoftwareAgent'),
      'reprise:tasks': integer(tasks),
    })
    relate('wasAssociatedWith', { 'prov:activity': ids.run, 'prov:agent': id })
  }
  const key = signingKey(manifest)
  if (key === null) return
  const id = `reprise:key/${encodeURIComponent(key)}`
  put('agent', id, { 'prov:label': `whoever holds the key ${key}` })
  relate('wasAttributedTo', { 'prov:entity': ids.manifest, 'prov:agent': id })
}

/** The run that this one repeats; results with the same root are the same results, had twice. */
function repetition(
  { run, results }: Manifest,
  ids: Identifiers,
  put: (part: Part, id: string, attributes: Attributes) => void,
  relate: (relation: Relation, attributes: Attributes) => void,
): void {
  if (run.rerunOf === null) return
  const other = `reprise:run/${encodeURIComponent(run.rerunOf.run)}`
  if (other === ids.run) return
  put('activity', other, { 'prov:label': `run ${run.rerunOf.run}` })
  put('entity', `${other}/results`, {
    'prov:label': `results of run ${run.rerunOf.run}`,
    'reprise:root': run.rerunOf.root,
  })
  relate('wasGeneratedBy', { 'prov:entity': `${other}/results`, 'prov:activity': other })
  relate('wasInformedBy', { 'prov:informed': ids.run, 'prov:informant': other })
  if (run.rerunOf.root === results.root)
    relate('alternateOf', { 'prov:alternate1': ids.results, 'prov:alternate2': `${other}/results` })
}

function qualified(name: string): object {
  return { $: name, type: 'prov:QUALIFIED_NAME' }
}

function integer(n: number): object {
  return { $: n, type: n < 2 ** 31 ? 'xsd:int' : 'xsd:long' }
}
