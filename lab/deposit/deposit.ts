/**
 * A deposit: a draft with these files and this metadata in a repository, and nothing else of ours in it; gone on with where it was
 * interrupted. Publishing is a step of its own, for it cannot be taken back.
 */
import { RepriseError } from '../../lib/errors.ts'
import { ask, type Patience } from './ask.ts'
import { draftFor, publishedRecord } from './draft.ts'
import { refusal } from './refusal.ts'
import type { Memory } from './remembered.ts'
import type { Repository } from './repository.ts'
import type { Source } from './sources.ts'
import { draftFiles, removeFile, uploadFile } from './upload.ts'

export interface Deposited {
  readonly id: string
  /** Where people see the draft. */
  readonly url: string
  /** False: an earlier draft was gone on with. */
  readonly isNew: boolean
  readonly files: readonly {
    readonly name: string
    readonly md5: string
    readonly bytes: number
    readonly sent: boolean
  }[]
  /** Names of files that are in the draft and not of this deposit. */
  readonly others: readonly string[]
}

/** Has the draft hold the files. Throws what went wrong; what was done by then is remembered and kept. */
export async function deposit(
  repository: Repository,
  sources: readonly Source[],
  record: object,
  memory: Memory,
  patience: Patience,
): Promise<Deposited> {
  const { id, remembered, isNew } = await draftFor(repository, record, memory, patience)
  const there = await draftFiles(repository, id, patience)
  let { uploaded } = remembered
  const remember = (changed: Readonly<Record<string, string>>) => {
    uploaded = changed
    memory.write({ ...remembered, uploaded })
  }
  const own = there.filter(({ key }) => Object.hasOwn(uploaded, key))
  for (const { key } of own.filter(({ key }) => !sources.some((source) => source.key === key))) {
    await removeFile(repository, id, key, patience)
    const { [key]: _, ...rest } = uploaded
    remember(rest)
  }
  const files: Deposited['files'][number][] = []
  for (const source of sources) {
    const { key: name, md5, bytes } = source
    if (uploaded[name] !== md5) remember({ ...uploaded, [name]: md5 }) // before it is sent: what is half there is ours
    const entry = there.find(({ key }) => key === name) ?? null
    const sent = await uploadFile(repository, id, source, entry, patience)
    if (sent) patience.say(`uploaded ${name}`)
    files.push({ name, md5, bytes, sent })
  }
  const others = there
    .map(({ key }) => key)
    .filter(
      (key) => !Object.hasOwn(remembered.uploaded, key) && !sources.some((source) => source.key === key),
    )
  return { id, url: `${repository.base.href}uploads/${id}`, isNew, files, others }
}

export interface Published {
  readonly url: string
  /** As registered; null where none is told yet. */
  readonly doi: string | null
}

/** Publishes the draft, after its files were looked at once more. Throws `not-intact` where one is not as it was sent. */
export async function publish(
  repository: Repository,
  { id, files }: Deposited,
  patience: Patience,
): Promise<Published> {
  const there = await draftFiles(repository, id, patience)
  const odd = files.find(
    ({ name, md5 }) => !there.some((entry) => entry.key === name && entry.isComplete && entry.md5 === md5),
  )
  if (odd !== undefined)
    throw new RepriseError('not-intact', 'is not in the draft as it was sent', {
      subject: odd.name,
      remedy: 'Deposit again; nothing was published',
    })
  const path = `api/records/${id}/draft/actions/publish`
  for (let times = 0; times < 2; times++) {
    const answer = await ask(repository, { method: 'POST', path }, patience)
    if (answer !== 'lost' && answer.status !== 202 && answer.status !== 200)
      throw refusal(answer, 'publishing', repository)
    const record = answer === 'lost' ? await publishedRecord(repository, id, patience) : answer.body
    if (record !== null) return { url: `${repository.base.href}records/${id}`, doi: doiOf(record) }
  }
  throw new RepriseError('storage', 'it cannot be told whether the draft was published', {
    subject: repository.base.origin,
    remedy: `See ${repository.base.href}uploads/${id}`,
  })
}

function doiOf(record: unknown): string | null {
  const { pids } = (record ?? {}) as { pids?: { doi?: { identifier?: unknown } } }
  const doi = pids?.doi?.identifier
  return typeof doi === 'string' && /^10\.\d{4,9}\/[\x21-\x7e]{1,200}$/.test(doi) ? doi : null
}
