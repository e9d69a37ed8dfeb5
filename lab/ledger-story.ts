/** The story that a ledger tells of one experiment or run: which entries speak of it, and what they say. */
import type { Entry } from '../lib/entry.ts'
import { oneLine } from './words.ts'

/** Entries that speak of what is meant: a run's id or an experiment's hash, from its beginning on, or a name. */
export function entriesAbout(entries: readonly Entry[], about: string): Entry[] {
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

/** What an entry says, in one line. */
export function entryWords({ kind, body }: Entry): string {
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
