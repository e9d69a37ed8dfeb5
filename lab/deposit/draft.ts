/** The draft of a deposit: the one that is remembered, the one whose making was not heard of, or a new one. */
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../lib/errors.ts'
import { type Answer, ask, type Patience } from './ask.ts'
import { draftProblems, refusal } from './refusal.ts'
import { isRecordId, type Memory, type Remembered } from './remembered.ts'
import type { Repository } from './repository.ts'

/** How often a list of drafts is looked at for one that may be in it: lists lag behind. */
const LOOKS = 4

/**
 * The id of the draft that this deposit goes to, with this metadata in it. Throws `refused` where the remembered one was published,
 * and `storage` where it cannot be told whether one was made.
 */
export async function draftFor(
  repository: Repository,
  record: object,
  memory: Memory,
  patience: Patience,
): Promise<{ readonly id: string; readonly remembered: Remembered; readonly isNew: boolean }> {
  const known = memory.read()
  if (known?.draft != null) {
    if (await updated(repository, known.draft, record, patience))
      return { id: known.draft, remembered: known, isNew: false }
    await refusePublished(repository, known.draft, patience)
    patience.say(`the draft ${known.draft} is there no more: beginning another`)
  } else if (known != null) {
    const found = await lookFor(repository, record, known.before, patience, 1)
    if (found !== null && (await updated(repository, found, record, patience)))
      return keep(memory, known, found, false)
  }
  return create(repository, record, memory, patience)
}

async function create(
  repository: Repository,
  record: object,
  memory: Memory,
  patience: Patience,
): Promise<{ id: string; remembered: Remembered; isNew: boolean }> {
  const before = (await ownRecords(repository, patience))?.map(({ id }) => id) ?? null
  const begun: Remembered = {
    format: 'reprise/deposit/1',
    repository: repository.base.href,
    draft: null,
    before,
    uploaded: {},
  }
  memory.write(begun) // before it is asked for
  const answer = await ask(repository, { method: 'POST', path: 'api/records', json: record }, patience)
  if (answer === 'lost') {
    const found = await lookFor(repository, record, before, patience, LOOKS)
    if (found !== null) return keep(memory, begun, found, true)
    throw new RepriseError('storage', 'the answer was lost, and no new draft is listed', {
      subject: repository.base.origin,
      remedy: `See whether there is one (${repository.base.href}me/uploads), then deposit again: ${before === null ? 'it makes another, so discard that one' : 'it goes on with one that is listed by then'}`,
    })
  }
  const id = answer.status === 201 ? idOf(answer.body) : null
  if (id === null) throw refusal(answer, 'the making of a draft', repository)
  tellProblems(answer, repository, patience)
  return keep(memory, begun, id, true)
}

function tellProblems({ body }: Answer, repository: Repository, { say }: Patience): void {
  for (const words of draftProblems(body, repository)) say(`before it can be published: ${words}`)
}

function keep(memory: Memory, begun: Remembered, draft: string, isNew: boolean) {
  const remembered = { ...begun, draft }
  memory.write(remembered)
  return { id: draft, remembered, isNew }
}

/** Puts the metadata into a draft; false where there is none. */
async function updated(
  repository: Repository,
  id: string,
  record: object,
  patience: Patience,
): Promise<boolean> {
  const path = `api/records/${id}/draft`
  const answer = heard(await ask(repository, { method: 'PUT', path, json: record }, patience))
  if (answer.status === 200) {
    tellProblems(answer, repository, patience)
    return true
  }
  if (answer.status === 404 || answer.status === 410) return false
  throw refusal(answer, `the draft ${id}`, repository)
}

async function refusePublished(repository: Repository, id: string, patience: Patience): Promise<void> {
  if ((await publishedRecord(repository, id, patience)) === null) return
  throw new RepriseError('refused', `was published already, as ${repository.base.href}records/${id}`, {
    subject: 'this deposit',
    remedy: 'To publish it as another record, say --new; a new version of that one is made there, by hand',
  })
}

/** A published record, or null. */
export async function publishedRecord(
  repository: Repository,
  id: string,
  patience: Patience,
): Promise<Record<string, unknown> | null> {
  const answer = heard(await ask(repository, { method: 'GET', path: `api/records/${id}` }, patience))
  return answer.status === 200 && typeof answer.body === 'object'
    ? (answer.body as Record<string, unknown> | null)
    : null
}

/** What was no POST is never lost. */
export function heard(answer: Answer | 'lost'): Answer {
  if (answer === 'lost') throw new Error('a request that may be repeated was lost')
  return answer
}

interface Listed {
  readonly id: string
  readonly title: unknown
}

/** The user's newest records and drafts; null where the repository does not list them. */
async function ownRecords(repository: Repository, patience: Patience): Promise<Listed[] | null> {
  const path = 'api/user/records?size=100&sort=newest'
  const answer = heard(await ask(repository, { method: 'GET', path }, patience))
  const { hits } = (answer.body ?? {}) as { hits?: { hits?: unknown } }
  if (answer.status === 404 || answer.status === 405) return null
  if (answer.status !== 200 || !Array.isArray(hits?.hits))
    throw refusal(answer, 'the list of your records', repository)
  return hits.hits.flatMap((hit: unknown) => {
    const id = idOf(hit)
    const { metadata } = (hit ?? {}) as { metadata?: { title?: unknown } }
    return id === null ? [] : [{ id, title: metadata?.title }]
  })
}

/** A record of this title that the user did not have before; null where none is listed, or it is not known which were there. */
async function lookFor(
  repository: Repository,
  record: object,
  before: readonly string[] | null,
  patience: Patience,
  looks: number,
): Promise<string | null> {
  if (before === null) return null
  const { title } = (record as { metadata: { title: string } }).metadata
  for (let look = 0; look < looks; look++) {
    if (look > 0) await sleep(patience.waitMs * 2 ** look, undefined, whileWanted(patience))
    const listed = await ownRecords(repository, patience)
    const found = listed?.find((one) => one.title === title && !before.includes(one.id))
    if (found !== undefined) return found.id
  }
  return null
}

function whileWanted({ signal }: Patience): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}

function idOf(body: unknown): string | null {
  const { id } = (body ?? {}) as { id?: unknown }
  const text = typeof id === 'number' ? String(id) : id
  return typeof text === 'string' && isRecordId(text) ? text : null
}
