/** One record verified against all that is at hand, and what is told of it; a chunk proof and a ledger are told alike. */
import pc from 'picocolors'
import { digestsAtHand, readBeside } from '../../lab/beside.ts'
import { readmeProblems } from '../../lab/bundle-readme.ts'
import type { Lab } from '../../lab/lab.ts'
import { findRecord } from '../../lab/record.ts'
import { openChunks, type RecordedChunks } from '../../lab/recorded-chunks.ts'
import { MAX_CHUNKS } from '../../lib/document.ts'
import { RepriseError } from '../../lib/errors.ts'
import { usedFiles } from '../../provenance/named-files.ts'
import type { Trust } from '../../provenance/trust.ts'
import { type Problem, type Verification, verifyManifest } from '../../provenance/verify.ts'
import type { Witness } from '../../provenance/verify-proof.ts'
import { warningsOf } from '../../provenance/warnings.ts'
import type { Terminal } from '../terminal.ts'
import { oneLine } from '../words.ts'

/** Tells of a verified record, and gives what is answered of it. */
export function tellRecord(found: Verification, out: Terminal): object {
  const { valid, problems, checked, unchecked, witnesses, manifest } = found
  const warnings = manifest === null ? [] : warningsOf(manifest.run)
  tell(found, warnings, manifest?.results.root, out)
  const { run, root } = { run: manifest?.run.id ?? null, root: manifest?.results.root ?? null }
  return { valid, problems, checked, unchecked, warnings, witnesses, run, root }
}

/** Checks the record against all that there is to check it against; `beside` is wrong with what it came in. */
export function checkRecord(
  lab: Lab,
  text: string,
  trust: Trust,
  letGo: () => void,
  { bundled = false, beside = [] }: { readonly bundled?: boolean; readonly beside?: readonly Problem[] },
): Verification {
  const record = findRecord(lab, text)
  let chunks: RecordedChunks | null = null
  try {
    return verifyManifest(record.bytes, (manifest) => {
      const { capsule, results } = manifest
      const code = capsule.source === null ? `${capsule.sha256}.mjs` : null
      const file = 'sha256' in results.leaves ? `${results.leaves.sha256}.leaves` : null
      const evidence = {
        capsule: code === null ? null : readBeside([record.folder, lab.capsules], code),
        leaves: file === null ? null : readBeside([record.folder], file, 32 * MAX_CHUNKS),
      }
      const digests = digestsAtHand(lab, record.folder, usedFiles(manifest))
      const aside = [...beside, ...(bundled ? readmeProblems(record.folder, manifest) : [])]
      chunks = openChunks(lab, record, manifest, false)
      letGo() // all is read or open, and what comes now may take its time
      return { ...evidence, digests, aside, trust, chunks: chunks?.chunks() ?? null }
    })
  } finally {
    ;(chunks as RecordedChunks | null)?.close()
  }
}

/** A bundle or PDF that could not be taken apart, as what verification found. */
export function asVerification(error: unknown): Verification {
  if (!(error instanceof RepriseError) || error.code !== 'not-intact') throw error
  const problems = [{ where: error.subject, what: error.message }]
  return {
    valid: false,
    problems,
    checked: [],
    unchecked: ['everything else'],
    manifest: null,
    witnesses: [],
  }
}

/** What all verifications have; witnesses only those of manifests. */
type Told = Omit<Verification, 'manifest' | 'witnesses'> & Partial<Pick<Verification, 'witnesses'>>

export function tell(
  { problems, checked, unchecked, valid, witnesses = [] }: Told,
  warnings: readonly string[],
  root: string | undefined,
  out: Terminal,
): void {
  tellFindings(problems, checked, unchecked, out)
  for (const warning of warnings) out.print(pc.yellow(`note: ${oneLine(warning)}`))
  for (const witness of witnesses) out.print(witnessLine(witness))
  out.print(valid ? `${pc.green('intact')}  root ${root}` : pc.red('not intact'))
}

/** What was found, each on one line: no foreign word in it can begin another. */
export function tellFindings(
  problems: Verification['problems'],
  checked: readonly string[],
  unchecked: readonly string[],
  out: Terminal,
): void {
  for (const { where, what } of problems) out.print(`${pc.red('wrong')}  ${oneLine(`${where}: ${what}`)}`)
  if (checked.length > 0) out.print(`checked: ${oneLine(checked.join(', '))}`)
  if (unchecked.length > 0) out.print(`not checked: ${oneLine(unchecked.join(', '))}`)
}

function witnessLine({ key, trusted, own, verdict, words }: Witness): string {
  const who = own ? 'the maker of the record' : trusted ? 'a key you trust' : 'a key you have not trusted'
  const line = oneLine(`witness  ${words}; signed by ${who}, ${key.split('+')[0]}`)
  return verdict === 'identical' ? line : pc.red(line)
}
