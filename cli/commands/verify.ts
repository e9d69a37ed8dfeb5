/** `reprise verify MANIFEST|BUNDLE|PDF|RUN|LEDGER|CHUNK-PROOF`: checks a record against itself and what lies beside it, executing nothing. */
import pc from 'picocolors'
import { certificatesIn } from '../../lab/certificates.ts'
import { findLab } from '../../lab/lab.ts'
import { findLedger } from '../../lab/ledger-file.ts'
import { firstBytes, isFile, readRecord } from '../../lab/record.ts'
import { trustOf } from '../../lab/trusted.ts'
import { isPdf } from '../../lab/unpack.ts'
import { toHex } from '../../lib/digest.ts'
import { beginsAsChunkProof, MAX_PROOF_BYTES, verifyChunkProof } from '../../provenance/chunk-proof.ts'
import type { Trust } from '../../provenance/trust.ts'
import { type LedgerVerification, verifyLedger } from '../../provenance/verify-ledger.ts'
import { EXIT } from '../exit.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { several } from '../words.ts'
import { asVerification, checkRecord, tell, tellFindings, tellRecord } from './verify-record.ts'

export async function verify(
  text: string,
  options: { json?: boolean; trust: readonly string[]; tsaCa: readonly string[]; record?: string },
): Promise<number> {
  const out = terminal(options)
  const trust = { ...trustOf(options.trust, out.say), authorities: certificatesIn(options.tsaCa) }
  const ledger = findLedger(text)
  if (ledger !== null)
    return tellLedger(verifyLedger(ledger.bytes, trust, ledger.known, ledger.checkpoints), out)
  if (isFile(text) && beginsAsChunkProof(firstBytes(text, 16)))
    return tellProof(readRecord(text, MAX_PROOF_BYTES), trust, out)
  const lab = findLab(process.cwd())
  if (isPdf(text)) return (await import('./verify-pdf.ts')).verifyPdf(lab, text, trust, options, out)
  const found = await withUnpacked([text], { ...options, results: true }, ([path], letGo) =>
    checkRecord(lab, path!, trust, letGo, { bundled: path !== text }),
  ).catch(asVerification)
  out.answer(tellRecord(found, out))
  return found.valid ? EXIT.done : EXIT.notIntact
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
