/** `reprise ledger`: the story of a lab, or of one experiment or run in it, as its ledger tells it. */
import { existsSync } from 'node:fs'
import pc from 'picocolors'
import { writeDurably } from '../../lab/durable.ts'
import { findLab, type Lab } from '../../lab/lab.ts'
import { appendEntry, readLedger } from '../../lab/ledger.ts'
import { entriesAbout, entryWords } from '../../lab/ledger-story.ts'
import { acceptKey } from '../../lab/remembered.ts'
import { RepriseError } from '../../lib/errors.ts'
import { parseVerifierKey, verifierKeyText } from '../../lib/note.ts'
import { ledgerText } from '../../provenance/ledger-text.ts'
import { EXIT } from '../exit.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { count, table } from '../words.ts'

/** Characters of a note that a user adds. */
const MOST_NOTE = 10_000

export async function ledger(
  about: string | undefined,
  options: { json?: boolean; note?: string; acceptKey?: string; output?: string },
): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  if (options.acceptKey !== undefined) accept(lab, options.acceptKey, out)
  if (options.note !== undefined) appendEntry(lab, 'note', noteBody(options.note, about), new Date())
  const view = readLedger(lab)
  const entries = about === undefined ? (view?.entries ?? []) : entriesAbout(view?.entries ?? [], about)
  if (options.output !== undefined) {
    if (view === null) throw new RepriseError('not-found', 'the lab has no ledger yet', { subject: lab.path })
    if (existsSync(options.output))
      throw new RepriseError('refused', 'is there already', {
        subject: options.output,
        remedy: 'Name another file',
      })
    writeDurably(options.output, ledgerText({ entries: view.bytes, checkpoint: view.checkpoint }))
    out.say(`${count(view.entries.length)} entries and their checkpoint are in ${options.output}`)
  }
  if (entries.length === 0)
    out.print(view === null ? `no ledger in ${lab.path} yet` : 'no entry is about that')
  for (const line of table(
    entries.map((entry) => [String(entry.seq), entry.time, entry.kind, entryWords(entry)]),
  ))
    out.print(line)
  if (view !== null) out.say(`${pc.dim('checkpoint')}\n${view.checkpoint.trimEnd()}`)
  out.answer({
    lab: lab.path,
    origin: view?.head.origin ?? null,
    key: view?.key ?? null,
    checkpoint: view?.checkpoint ?? null,
    entries,
  })
  return EXIT.done
}

/** From now on the user signs over what this key signed in this ledger. */
function accept(lab: Lab, text: string, out: Terminal): void {
  const key = verifierKeyText(parseVerifierKey(text))
  const view = readLedger(lab)
  if (view === null) throw new RepriseError('not-found', 'the lab has no ledger yet', { subject: lab.path })
  acceptKey(view.head.origin, key)
  out.say(`you sign over what ${key} signed in this ledger`)
}

function noteBody(text: string, about: string | undefined): Record<string, string | null> {
  const clean = text.trim()
  if (clean === '' || clean.length > MOST_NOTE || !clean.isWellFormed())
    throw new RepriseError('usage', `a note has 1 to ${MOST_NOTE} characters`, { subject: '--note' })
  return { text: clean, about: about ?? null }
}
