/** `reprise ledger`: the story of a lab, or of one experiment or run in it, as its ledger tells it. */
import { existsSync } from 'node:fs'
import pc from 'picocolors'
import { writeDurably } from '../../lab/durable.ts'
import { findLab, type Lab } from '../../lab/lab.ts'
import { appendEntry, readLedger } from '../../lab/ledger.ts'
import { acceptKey } from '../../lab/remembered.ts'
import type { Entry } from '../../lib/entry.ts'
import { RepriseError } from '../../lib/errors.ts'
import { parseVerifierKey, verifierKeyText } from '../../lib/note.ts'
import { ledgerText } from '../../provenance/ledger-text.ts'
import { EXIT } from '../exit.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { count, oneLine, table } from '../words.ts'

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
  for (const line of table(entries.map(row))) out.print(line)
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

/** Entries that speak of what is meant: a run's id or an experiment's hash, from its beginning on, or a name. */
function entriesAbout(entries: readonly Entry[], about: string): Entry[] {
  const named = entries.filter(({ body }) => body.name === about && typeof body.experiment === 'string')
  const experiments = new Set(named.map(({ body }) => body.experiment))
  const runs = new Set(
    entries
      .filter(({ body }) => experiments.has(body.experiment ?? null))
      .map(({ body }) => body.run ?? null),
  )
  runs.delete(null)
  return entries.filter(({ body }) => {
    const of = typeof body.of === 'object' && body.of !== null && 'run' in body.of ? body.of.run : null
    if (body.name === about || body.about === about) return true
    if (experiments.has(body.experiment ?? null) || runs.has(body.run ?? null)) return true
    const words = [body.run, body.experiment, of]
    return about.length >= 6 && words.some((word) => typeof word === 'string' && word.startsWith(about))
  })
}

function row({ seq, time, kind, body }: Entry): string[] {
  return [String(seq), time, kind, wordsOf(kind, body)]
}

function wordsOf(kind: string, body: Entry['body']): string {
  const short = (value: unknown) => (typeof value === 'string' ? value.slice(0, 16) : '')
  const of = body.of as { run?: string } | undefined
  const told: Readonly<Record<string, () => string>> = {
    'ledger-opened': () => `${String(body.origin)}, signed by ${String(body.key)}`,
    registered: () =>
      `${String(body.name)}, experiment ${short(body.experiment)}…, capsule ${short(body.capsule)}…`,
    'run-started': () =>
      `${String(body.run)}  ${String(body.name)}, ${typeof body.sample === 'number' ? `${body.sample} of ` : ''}${String(body.chunks)} chunks, experiment ${short(body.experiment)}…`,
    'run-resumed': () => `${String(body.run)}  ${String(body.missing)} chunks missing`,
    'run-aborted': () => `${String(body.run)}  ${String(body.state)}, ${String(body.chunks)} chunks done`,
    'run-sealed': () =>
      `${String(body.run)}  root ${short(body.root)}…, ${String(body.failedJobs)} failed jobs`,
    note: () => String(body.text),
    'key-rotated': () => `to ${String(body.to)}`,
    exported: () => `${String(body.run)}  ${String(body.what)}`,
    timestamped: () => `the checkpoint over ${String(body.size)} entries`,
    'witness-added': () => `${String(body.run)}  ${String(body.verdict)} by ${String(body.key)}`,
  }
  const rerun = () =>
    `${String(body.run)} of ${of?.run ?? ''}: ${String(body.compared)} of ${String(body.chunks)} chunks compared, ${String(body.divergent)} differ`
  return oneLine(told[kind]?.() ?? (kind.startsWith('rerun-') ? rerun() : ''))
}
