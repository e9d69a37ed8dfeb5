/**
 * The seal: where chunk results become part of a root. Every leaf is computed anew from the bytes on disk and held
 * against the one that was checked on arrival; then the root is recorded, then the manifest is written from the
 * record. Interrupted anywhere, it can be done again and gives the same manifest.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fromHex, toHex } from '../lib/digest.ts'
import { chunkCount, jobCount } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { RootBuilder } from '../lib/merkle.ts'
import {
  MAX_EMBEDDED,
  MAX_LEAVES,
  type Manifest,
  manifestBytes,
  recordDigest,
  type Session,
  type SessionEnvironment,
  withProof,
} from '../provenance/manifest.ts'
import { parseManifest } from '../provenance/read-manifest.ts'
import type { Variables } from '../provenance/variables.ts'
import { leafHashOf, nodeHashOf } from '../runners/digests.ts'
import { writeDurably } from './durable.ts'
import { executedBy } from './environments.ts'
import { labAt, type RunFolder } from './lab.ts'
import { historyOf, recordSeal } from './ledger-run.ts'
import { capsuleBytes, placeBeside } from './objects.ts'
import type { Plan } from './plan.ts'
import { probesOf } from './probes.ts'
import { replicatedOf } from './replicas.ts'
import type { ResultsStore, RunEvent } from './results.ts'
import { scheduledOf } from './scheduled.ts'
import { touchedIn } from './touched.ts'

/** Seals a run whose chunks are all there and writes its manifest. Throws `not-intact` naming a damaged chunk. */
export function seal(run: RunFolder, store: ResultsStore, plan: Plan): void {
  const builder = new RootBuilder(nodeHashOf)
  const leaves = new Uint8Array(32 * chunkCount(plan.experiment.document))
  let next = 0
  for (const { chunk, bytes, leaf } of store.chunks()) {
    const found = leafHashOf(bytes)
    if (found !== leaf || chunk !== next) {
      throw new RepriseError('not-intact', 'the stored bytes are not those that were acknowledged', {
        subject: `run ${run.id}, chunk ${chunk}`,
        remedy: 'The disk or somebody changed results.sqlite; run the experiment again',
      })
    }
    const digest = fromHex(leaf)
    builder.add(digest)
    leaves.set(digest, 32 * chunk)
    next++
  }
  const root = toHex(builder.root())
  const sealed = store.events().find((event) => event.kind === 'sealed')
  const { failedJobs } = store.counts()
  if (sealed === undefined) store.addEvent(new Date(), 'sealed', { root, failedJobs })
  else if (sealed.body.root !== root || sealed.body.failedJobs !== failedJobs) {
    throw new RepriseError('not-intact', 'the stored chunks are not those that were sealed', {
      subject: `run ${run.id}`,
      remedy: 'Somebody changed results.sqlite after the seal; the manifest is left as it was',
    })
  }
  writeManifest(run, store, plan, leaves)
}

/** Writes the manifest from the record of a sealed run. */
function writeManifest(run: RunFolder, store: ResultsStore, plan: Plan, leaves: Uint8Array): void {
  const events = store.events()
  const replicated = replicatedOf(store, plan)
  const sealed = events.find((event) => event.kind === 'sealed')!
  const executed = executedBy(store)
  const probes = probesOf(
    events.filter((event) => event.seq < sealed.seq),
    executed,
  )
  const scheduled = scheduledOf(store, executed)
  const { document } = plan.experiment
  const chunks = chunkCount(document)
  const listed = chunks <= MAX_LEAVES
  const lab = labAt(dirname(dirname(run.path)))
  const { earlier, registered, proven } = historyOf(lab, plan)
  const record: Omit<Manifest, 'proof'> = {
    format: 'reprise/manifest/1',
    experiment: plan.experiment,
    capsule: { ...plan.capsule, source: embeddedCapsule(run, plan) },
    run: {
      id: plan.run,
      planned: plan.planned,
      sealed: sealed.time,
      file: plan.file,
      code: plan.code,
      ...(plan.audited === true ? { audited: true } : {}),
      packages: plan.packages,
      lock: plan.lock,
      inputs: plan.inputs,
      math: plan.math ?? 'native',
      guard: plan.guard ?? 'off',
      ...(plan.labels === undefined ? {} : { labels: plan.labels }),
      touched: touchedIn(events, labAt(dirname(dirname(run.path))), plan.capsule.sha256),
      environments: executed,
      ...(probes.length === 0 ? {} : { probes }),
      ...(replicated === null ? {} : { replicated }),
      ...(scheduled.length === 0 ? {} : { scheduled }),
      reprise: plan.reprise,
      sessions: sessionsOf(events, sealed),
      counts: {
        chunks,
        jobs: jobCount(document),
        failedJobs: Number(sealed.body.failedJobs),
        retried: retriedOf(events),
        planned: chunks,
        done: chunks,
        setAside: events.filter((event) => event.kind === 'set-aside').length,
      },
      earlier,
      ...(registered === null ? {} : { registered }),
      rerunOf: plan.rerun === null ? null : { run: plan.rerun.run, root: plan.rerun.root },
    },
    results: {
      chunks,
      root: String(sealed.body.root),
      leaves: listed
        ? Array.from({ length: chunks }, (_, i) => toHex(leaves.subarray(32 * i, 32 * i + 32)))
        : { sha256: keepLeaves(run, leaves) },
    },
  }
  placeBeside(lab, run.path, {
    capsule: record.capsule.source === null ? record.capsule.sha256 : null,
    inputs: Object.values(plan.inputs),
  })
  const digest = recordDigest(record)
  if (isWritten(run, digest)) return // with what was attached to it since
  const { text: entry, log, key } = recordSeal(lab, record, digest)
  const proof = { entry, log, key, ...(proven === null ? {} : { registered: proven }) }
  writeDurably(run.manifest, manifestBytes(withProof(record, proof)))
}

/** Whether this very record has its manifest already. */
function isWritten(run: RunFolder, digest: string): boolean {
  if (!existsSync(run.manifest)) return false
  try {
    const { proof } = parseManifest(readFileSync(run.manifest))
    return proof.record === digest && proof.entry !== undefined
  } catch {
    return false
  }
}

function keepLeaves(run: RunFolder, leaves: Uint8Array): string {
  const digest = createHash('sha256').update(leaves).digest('hex')
  writeDurably(join(run.path, `${digest}.leaves`), leaves)
  return digest
}

function embeddedCapsule(run: RunFolder, plan: Plan): string | null {
  if (plan.capsule.bytes > MAX_EMBEDDED) return null
  const lab = labAt(dirname(dirname(run.path)))
  return new TextDecoder().decode(capsuleBytes(lab, plan.capsule.sha256))
}

/** Stretches of execution up to the seal. One that has no end was killed. */
function sessionsOf(events: readonly RunEvent[], sealed: RunEvent): Session[] {
  const endings = ['interrupted', 'cancelled', 'incomplete', 'failed', 'sealed']
  return events
    .filter((event) => event.kind === 'started' && event.seq < sealed.seq)
    .map((started) => {
      const after = events.find(
        (event) => event.seq > started.seq && [...endings, 'started'].includes(event.kind),
      )
      return {
        started: started.time,
        ended: after === undefined || after.kind === 'started' ? null : after.time,
        runner: String(started.body.runner),
        engines: Number(started.body.engines),
        environment: started.body.environment as SessionEnvironment,
        ...(started.body.variables === undefined ? {} : { variables: started.body.variables as Variables }),
      }
    })
}

/** Chunks that were with an engine when it was lost, over all sessions. */
function retriedOf(events: readonly RunEvent[]): number {
  return events.reduce((sum, event) => sum + (event.kind === 'engine-lost' ? Number(event.body.count) : 0), 0)
}
