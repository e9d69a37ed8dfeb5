/** `reprise verify MANIFEST|RUN|LEDGER`: checks a record against itself and what lies beside it, executing nothing. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import pc from 'picocolors'
import { findLab, type Lab } from '../../lab/lab.ts'
import { findLedger } from '../../lab/ledger-file.ts'
import { findRecord, readBeside, runOfManifest } from '../../lab/record.ts'
import { ResultsStore } from '../../lab/results.ts'
import { trustOf } from '../../lab/trusted.ts'
import { toHex } from '../../lib/digest.ts'
import { RepriseError } from '../../lib/errors.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import type { Trust } from '../../provenance/trust.ts'
import { type Verification, verifyManifest } from '../../provenance/verify.ts'
import { type LedgerVerification, verifyLedger } from '../../provenance/verify-ledger.ts'
import type { Witness } from '../../provenance/verify-proof.ts'
import { warningsOf } from '../../provenance/warnings.ts'
import { EXIT } from '../exit.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { several } from '../words.ts'

export async function verify(
  text: string,
  options: { json?: boolean; trust: readonly string[] },
): Promise<number> {
  const out = terminal(options)
  const trust = trustOf(options.trust)
  const ledger = findLedger(text)
  if (ledger !== null) return tellLedger(verifyLedger(ledger.bytes, trust, ledger.known), out)
  const { problems, checked, unchecked, valid, manifest, witnesses } = check(
    findLab(process.cwd()),
    text,
    trust,
  )
  for (const { where, what } of problems) out.print(`${pc.red('wrong')}  ${where}: ${what}`)
  if (checked.length > 0) out.print(`checked: ${checked.join(', ')}`)
  if (unchecked.length > 0) out.print(`not checked: ${unchecked.join(', ')}`)
  const warnings = manifest === null ? [] : warningsOf(manifest.run)
  for (const warning of warnings) out.print(pc.yellow(`note: ${warning}`))
  for (const witness of witnesses) out.print(witnessLine(witness))
  out.print(valid ? `${pc.green('intact')}  root ${manifest?.results.root}` : pc.red('not intact'))
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
  const line = `witness  ${words}; signed by ${who}, ${key.split('+')[0]}`
  return verdict === 'identical' ? line : pc.red(line)
}

function tellLedger(found: LedgerVerification, out: Terminal): number {
  const { valid, problems, checked, unchecked, entries, checkpoint, signer } = found
  for (const { where, what } of problems) out.print(`${pc.red('wrong')}  ${where}: ${what}`)
  out.print(`checked: ${checked.join(', ')}`)
  if (unchecked.length > 0) out.print(`not checked: ${unchecked.join(', ')}`)
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

/** Gathers what there is to check the record against. */
function check(lab: Lab, text: string, trust: Trust): Verification {
  const record = findRecord(lab, text)
  const first = verifyManifest(record.bytes, { trust })
  if (first.manifest === null) return first
  const { capsule, results } = parseManifest(record.bytes)
  const run = record.run ?? runOfManifest(lab, first.manifest)
  const evidence = {
    capsule:
      capsule.source === null ? readBeside([record.folder, lab.capsules], `${capsule.sha256}.mjs`) : null,
    leaves:
      'sha256' in results.leaves ? readBeside([record.folder], `${results.leaves.sha256}.leaves`) : null,
  }
  const beside = join(record.folder, 'results.sqlite')
  let store: ResultsStore | null = null
  try {
    if (run !== null && (record.run !== null || existsSync(beside))) store = ResultsStore.open(run)
    return verifyManifest(record.bytes, { ...evidence, trust, chunks: store?.chunks() ?? null })
  } catch (error) {
    if (!(error instanceof RepriseError) || error.code !== 'not-intact') throw error
    const problems = [...first.problems, { where: error.subject, what: error.message }]
    return { ...first, valid: false, problems }
  } finally {
    store?.close()
  }
}
