/** `reprise verify MANIFEST|BUNDLE|RUN|LEDGER|CHUNK-PROOF`: checks a record against itself and what lies beside it, executing nothing. */
import pc from 'picocolors'
import { digestsAtHand, readBeside } from '../../lab/beside.ts'
import { readmeProblems } from '../../lab/bundle-readme.ts'
import { certificatesIn } from '../../lab/certificates.ts'
import { findLab, type Lab } from '../../lab/lab.ts'
import { findLedger } from '../../lab/ledger-file.ts'
import { findRecord, firstBytes, isFile, readRecord } from '../../lab/record.ts'
import { openChunks, type RecordedChunks } from '../../lab/recorded-chunks.ts'
import { trustOf } from '../../lab/trusted.ts'
import { toHex } from '../../lib/digest.ts'
import { MAX_CHUNKS } from '../../lib/document.ts'
import { RepriseError } from '../../lib/errors.ts'
import { beginsAsChunkProof, MAX_PROOF_BYTES, verifyChunkProof } from '../../provenance/chunk-proof.ts'
import { usedFiles } from '../../provenance/named-files.ts'
import type { Trust } from '../../provenance/trust.ts'
import { type Verification, verifyManifest } from '../../provenance/verify.ts'
import { type LedgerVerification, verifyLedger } from '../../provenance/verify-ledger.ts'
import type { Witness } from '../../provenance/verify-proof.ts'
import { warningsOf } from '../../provenance/warnings.ts'
import { EXIT } from '../exit.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { oneLine, several } from '../words.ts'

export async function verify(
  text: string,
  options: { json?: boolean; trust: readonly string[]; tsaCa: readonly string[] },
): Promise<number> {
  const out = terminal(options)
  const trust = { ...trustOf(options.trust, out.say), authorities: certificatesIn(options.tsaCa) }
  const ledger = findLedger(text)
  if (ledger !== null)
    return tellLedger(verifyLedger(ledger.bytes, trust, ledger.known, ledger.checkpoints), out)
  if (isFile(text) && beginsAsChunkProof(firstBytes(text, 16)))
    return tellProof(readRecord(text, MAX_PROOF_BYTES), trust, out)
  const lab = findLab(process.cwd())
  const found = await withUnpacked([text], { ...options, results: true }, ([path], letGo) =>
    check(lab, path!, trust, letGo, path !== text),
  ).catch(asVerification)
  const { valid, manifest } = found
  const warnings = manifest === null ? [] : warningsOf(manifest.run)
  tell(found, warnings, manifest?.results.root, out)
  const { problems, checked, unchecked, witnesses } = found
  out.answer({
    valid,
    problems,
    checked,
    unchecked,
    warnings,
    witnesses,
    run: manifest?.run.id ?? null,
    root: manifest?.results.root ?? null,
  })
  return valid ? EXIT.done : EXIT.notIntact
}

function witnessLine({ key, trusted, own, verdict, words }: Witness): string {
  const who = own ? 'the maker of the record' : trusted ? 'a key you trust' : 'a key you have not trusted'
  const line = oneLine(`witness  ${words}; signed by ${who}, ${key.split('+')[0]}`)
  return verdict === 'identical' ? line : pc.red(line)
}

/** Verifies a chunk proof, which stands alone, and tells. */
function tellProof(bytes: Uint8Array, trust: Trust, out: Terminal): number {
  const { proof, ...found } = verifyChunkProof(bytes, trust)
  tell(found, [], proof?.root, out)
  const { experiment = null, chunk = null, chunks = null, root = null } = proof ?? {}
  if (proof !== null) out.print(`chunk ${chunk} of ${chunks}, experiment ${experiment}`)
  out.answer({ ...found, warnings: [], experiment, chunk, chunks, root })
  return found.valid ? EXIT.done : EXIT.notIntact
}

/** What all verifications have; witnesses only those of manifests. */
type Told = Omit<Verification, 'manifest' | 'witnesses'> & Partial<Pick<Verification, 'witnesses'>>

function tell(
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
function tellFindings(
  problems: Verification['problems'],
  checked: readonly string[],
  unchecked: readonly string[],
  out: Terminal,
): void {
  for (const { where, what } of problems) out.print(`${pc.red('wrong')}  ${oneLine(`${where}: ${what}`)}`)
  if (checked.length > 0) out.print(`checked: ${oneLine(checked.join(', '))}`)
  if (unchecked.length > 0) out.print(`not checked: ${oneLine(unchecked.join(', '))}`)
}

function tellLedger(found: LedgerVerification, out: Terminal): number {
  const { valid, problems, checked, unchecked, entries, checkpoint, signer } = found
  tellFindings(problems, checked, unchecked, out)
  out.print(
    valid ? `${pc.green('intact')}  ${several(entries.length, 'entry', 'entries')}` : pc.red('not intact'),
  )
  const root = checkpoint === null ? null : toHex(checkpoint.root)
  out.answer({
    valid,
    problems,
    checked,
    unchecked,
    origin: checkpoint?.origin ?? null,
    entries: entries.length,
    root,
    signer,
  })
  return valid ? EXIT.done : EXIT.notIntact
}

/** Checks the record against all that there is to check it against. */
function check(lab: Lab, text: string, trust: Trust, letGo: () => void, bundled: boolean): Verification {
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
      const aside = bundled ? readmeProblems(record.folder, manifest) : []
      chunks = openChunks(lab, record, manifest, false)
      letGo() // all is read or open, and what comes now may take its time
      return { ...evidence, digests, aside, trust, chunks: chunks?.chunks() ?? null }
    })
  } finally {
    ;(chunks as RecordedChunks | null)?.close()
  }
}

/** A bundle that could not be taken apart, as what verification found. */
function asVerification(error: unknown): Verification {
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
