/**
 * A file's way into a draft: begun, sent, completed, and the checksum that the repository answers held against our own. Each step
 * whose answer was lost is looked after and gone on with, so that a file is there once, whole, whatever happened on the way.
 */
import { RepriseError } from '../../lib/errors.ts'
import { type Answer, ask, type Patience, type Request } from './ask.ts'
import { heard } from './draft.ts'
import { refusal } from './refusal.ts'
import type { Repository } from './repository.ts'
import { contentOf, type Source } from './sources.ts'

/** A file of a draft, as the repository lists it. */
export interface Entry {
  readonly key: string
  readonly isComplete: boolean
  /** Hex; null where none is told yet. */
  readonly md5: string | null
  readonly bytes: number | null
}

const ROUNDS = 4

/** All files of a draft. */
export async function draftFiles(repository: Repository, id: string, patience: Patience): Promise<Entry[]> {
  const answer = heard(await ask(repository, { method: 'GET', path: filesPath(id) }, patience))
  const { entries } = (answer.body ?? {}) as { entries?: unknown }
  if (answer.status !== 200 || !Array.isArray(entries))
    throw refusal(answer, 'the list of its files', repository)
  return entries.flatMap((entry: unknown) => entryOf(entry) ?? [])
}

/**
 * Has the file in the draft; `entry` is what was there of it. True: it was sent. Throws `not-intact` where what arrives is
 * not what was sent, twice.
 */
export async function uploadFile(
  repository: Repository,
  id: string,
  source: Source,
  entry: Entry | null,
  patience: Patience,
): Promise<boolean> {
  const path = `${filesPath(id)}/${encodeURIComponent(source.key)}`
  const asked = async (request: Request, ...fine: readonly number[]) => {
    const answer = await ask(repository, request, patience)
    if (answer === 'lost' || fine.includes(answer.status)) return answer
    throw refusal(answer, source.key, repository)
  }
  let at = entry
  let sent = false
  for (let round = 0, wrong = 0; round < ROUNDS; round++) {
    if (at?.isComplete === true) {
      if (at.md5 === source.md5 && (at.bytes === null || at.bytes === source.bytes)) return sent
      if (sent && ++wrong > 1) throw damaged(source, at, repository)
      await asked({ method: 'DELETE', path }, 204, 404)
      at = null
    }
    if (at === null) {
      // 400: it was begun before, and the answer lost.
      const begun = await asked(
        { method: 'POST', path: filesPath(id), json: [{ key: source.key }] },
        201,
        400,
      )
      if (begun === 'lost' || begun.status === 400) {
        at = await entryAt(repository, path, patience)
        if (at === null && begun !== 'lost') throw refusal(begun, source.key, repository)
        if (at === null || at.isComplete) continue
      }
    }
    await asked({ method: 'PUT', path: `${path}/content`, file: contentOf(source) }, 200, 201)
    sent = true
    const done = await asked({ method: 'POST', path: `${path}/commit` }, 200, 201)
    at = done === 'lost' ? await entryAt(repository, path, patience) : completed(done)
  }
  if (at?.isComplete === true && at.md5 === source.md5) return sent
  throw new RepriseError('storage', `${source.key} could not be completed in ${ROUNDS} attempts`, {
    subject: repository.base.origin,
    remedy: 'Try again later: the draft is kept',
  })
}

/** Removes a file from the draft. */
export async function removeFile(
  repository: Repository,
  id: string,
  key: string,
  patience: Patience,
): Promise<void> {
  const path = `${filesPath(id)}/${encodeURIComponent(key)}`
  const answer = heard(await ask(repository, { method: 'DELETE', path }, patience))
  if (answer.status !== 204 && answer.status !== 404) throw refusal(answer, key, repository)
}

function filesPath(id: string): string {
  return `api/records/${id}/draft/files`
}

async function entryAt(repository: Repository, path: string, patience: Patience): Promise<Entry | null> {
  const answer = heard(await ask(repository, { method: 'GET', path }, patience))
  return answer.status === 200 ? entryOf(answer.body) : null
}

function completed({ body }: Answer): Entry | null {
  return entryOf(body)
}

function entryOf(told: unknown): Entry | null {
  const { key, status, checksum, size } = (told ?? {}) as Record<string, unknown>
  if (typeof key !== 'string') return null
  const md5 = typeof checksum === 'string' ? (/^md5:([0-9a-f]{32})$/.exec(checksum)?.[1] ?? null) : null
  return { key, isComplete: status === 'completed', md5, bytes: typeof size === 'number' ? size : null }
}

function damaged({ key, md5 }: Source, entry: Entry, { base }: Repository): RepriseError {
  return new RepriseError(
    'not-intact',
    `${key} arrived with the MD5 ${entry.md5 ?? '(none was told)'}, and was sent with ${md5}`,
    { subject: base.origin, remedy: 'Deposit again; if it stays so, tell those who run the repository' },
  )
}
