/**
 * Rerun: the capsule of a manifest (never today's files) is planned to execute the chunks again. A rerun is a run of
 * its own, stored, resumable and sealed like any other; verdict.ts compares what it gave.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { utf8 } from '../lib/digest.ts'
import { MAX_CHUNKS } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import type { Manifest } from '../provenance/manifest.ts'
import { parseManifest } from '../provenance/read-manifest.ts'
import { verifyManifest } from '../provenance/verify.ts'
import { type Audit, planAudit } from './audit.ts'
import { readBeside, readInput } from './beside.ts'
import { writeDurably } from './durable.ts'
import { VERSION } from './installed.ts'
import { type Lab, makeLab, newRunId, type RunFolder } from './lab.ts'
import { demandLedger } from './ledger.ts'
import {
  checkInput,
  isTrustedCapsule,
  type KeptInput,
  keepCapsule,
  keepInput,
  trustCapsule,
} from './objects.ts'
import { placeRun, planReplicas } from './plan.ts'
import type { FoundRecord } from './record.ts'

/** The manifest, after its own digests have been checked. Throws `not-intact` with the first problem. */
export function intactManifest(
  lab: Lab,
  record: FoundRecord,
): { manifest: Manifest; capsule: Uint8Array; leaves: Uint8Array | null } {
  const parsed = parseManifest(record.bytes)
  const leavesFile = 'sha256' in parsed.results.leaves ? `${parsed.results.leaves.sha256}.leaves` : null
  const leaves = leavesFile === null ? null : readBeside([record.folder], leavesFile, 32 * MAX_CHUNKS)
  const { sha256, source } = parsed.capsule
  const capsule = source === null ? readBeside([record.folder, lab.capsules], `${sha256}.mjs`) : utf8(source)
  const { problems, manifest } = verifyManifest(record.bytes, { leaves, capsule })
  if (problems.length > 0 || manifest === null) {
    const [first] = problems
    throw new RepriseError('not-intact', first?.what ?? 'is not intact', {
      subject: first?.where ?? 'manifest',
      remedy: 'Nothing was executed; get the manifest again from its source',
    })
  }
  const missing =
    capsule === null ? `${sha256}.mjs` : leavesFile !== null && leaves === null ? leavesFile : null
  if (missing !== null || capsule === null) {
    throw new RepriseError('not-found', `the file ${missing} that the manifest names is not beside it`, {
      subject: 'manifest',
      remedy: 'Get it from where the manifest came from',
    })
  }
  return { manifest, capsule, leaves }
}

/** True when the manifest's code has been executed in this lab before: then no consent is needed again. */
export function isKnownCode(lab: Lab, manifest: Manifest): boolean {
  return isTrustedCapsule(lab, manifest.capsule.sha256)
}

/** What is said where code from elsewhere would be executed. */
export function foreignCode({ capsule }: Manifest): RepriseError {
  return new RepriseError(
    'refused',
    `this manifest is from elsewhere: a rerun executes its code (capsule ${capsule.sha256.slice(0, 16)}…) with your rights`,
    {
      subject: 'rerun',
      remedy:
        'Read the capsule (reprise show MANIFEST --capsule), then say --yes; in a program, { trust: true }',
    },
  )
}

/**
 * Plans a rerun, whole or of the chunks that `audit` draws; `replicate` of them are executed twice. Throws `refused` for code
 * that is not known here, unless somebody consents to execute it.
 */
export function planRerun(
  lab: Lab,
  record: FoundRecord,
  audit: Audit | null,
  time: Date,
  replicate: string | null = null,
  consent = false,
): RunFolder {
  const { manifest, capsule, leaves } = intactManifest(lab, record)
  if (!consent && !isKnownCode(lab, manifest)) throw foreignCode(manifest)
  const rerun = planAudit(manifest, audit, () => new Uint8Array(randomBytes(32)))
  const inputs = Object.entries(manifest.run.inputs)
  for (const [name, digest] of inputs) checkInput(inputOf(lab, record, name, digest), `inputs.${name}`)
  demandLedger(lab) // before anything is planned
  makeLab(lab) // only now: nothing is written for a record that cannot be executed
  for (const [name, digest] of inputs) keepInput(lab, inputOf(lab, record, name, digest), `inputs.${name}`)
  keepCapsule(lab, { bytes: capsule, digest: manifest.capsule.sha256 })
  trustCapsule(lab, manifest.capsule.sha256)
  const { run, experiment, results } = manifest
  const plan = {
    format: 'reprise/run/1' as const,
    run: newRunId(time),
    planned: time.toISOString(),
    file: run.file,
    reprise: VERSION,
    experiment,
    capsule: { sha256: manifest.capsule.sha256, bytes: manifest.capsule.bytes },
    packages: run.packages,
    lock: run.lock,
    inputs: run.inputs,
    code: run.code,
    math: run.math ?? ('native' as const),
    guard: run.guard ?? ('off' as const),
    ...(run.labels === undefined ? {} : { labels: run.labels }),
    rerun,
    replicate: planReplicas(replicate),
  }
  return placeRun(lab, plan, (folder) => {
    writeDurably(join(folder, 'original.json'), record.bytes)
    if (leaves !== null && 'sha256' in results.leaves)
      writeDurably(join(folder, `${results.leaves.sha256}.leaves`), leaves)
  })
}

/** An input as it lies beside the manifest, or in the lab. Throws `not-found` where it does neither. */
function inputOf(lab: Lab, record: FoundRecord, name: string, digest: string): KeptInput {
  const bytes = readInput(record.folder, lab.inputs, digest)
  if (bytes !== null) return { bytes, digest }
  throw new RepriseError('not-found', `the input with SHA-256 ${digest} is not here`, {
    subject: `inputs.${name}`,
    remedy: `Put it beside the manifest under that name`,
  })
}
