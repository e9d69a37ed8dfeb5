/** `reprise deposit DIR|FILE… --to URL`: files as a draft in an InvenioRDM repository such as Zenodo; published only when that is said. */
import { join } from 'node:path'
import pc from 'picocolors'
import type { Patience } from '../../lab/deposit/ask.ts'
import {
  type Deposited,
  deposit as depositFiles,
  type Published,
  publish,
} from '../../lab/deposit/deposit.ts'
import { draftOf, isPerson, readMetadata } from '../../lab/deposit/metadata.ts'
import { depositMemory } from '../../lab/deposit/remembered.ts'
import { type Repository, readToken, repositoryAddress } from '../../lab/deposit/repository.ts'
import { depositSources } from '../../lab/deposit/sources.ts'
import { findLab } from '../../lab/lab.ts'
import { isFile } from '../../lab/record.ts'
import { RepriseError } from '../../lib/errors.ts'
import { EXIT } from '../exit.ts'
import { onInterrupt } from '../interrupt.ts'
import { askYes, isManned, type Terminal, terminal } from '../terminal.ts'
import { oneLine, several } from '../words.ts'

export interface DepositOptions {
  readonly json?: boolean
  readonly to: string
  readonly tokenFile?: string
  readonly metadata?: string
  readonly publish?: boolean
  readonly new?: boolean
  readonly yes?: boolean
}

const [WAIT_MS, ANSWER_MS] = [1_000, 60_000]

export async function deposit(paths: readonly string[], options: DepositOptions): Promise<number> {
  const out = terminal(options)
  if (options.publish === true && options.yes !== true && !isManned()) throw unasked()
  const base = repositoryAddress(options.to)
  const described = readMetadata(metadataPath(paths, options))
  const sources = await depositSources(paths)
  const token = readToken(options.tokenFile, process.env.REPRISE_DEPOSIT_TOKEN)
  const repository: Repository = { base, token }
  const memory = depositMemory(findLab(process.cwd()), base, paths)
  if (options.new === true) memory.forget()
  const { signal, over } = onInterrupt(out.say, 'stopping: the next deposit of these goes on from here …')
  const patience: Patience = { waitMs: WAIT_MS, answerMs: ANSWER_MS, signal, say: out.say }
  try {
    for (const { name } of described.creators)
      out.say(
        `creator: ${oneLine(name)}${isPerson(name) ? '' : ' (an organization; write "Family, Given" for a person)'}`,
      )
    const record = draftOf(described, base, new Date().toISOString().slice(0, 10))
    const made = await depositFiles(repository, sources, record, memory, patience)
    tell(made, base, out)
    const published =
      options.publish === true ? await publishAsked(repository, made, options, patience, out) : null
    out.answer({ ...made, repository: base.href, published })
    return EXIT.done
  } catch (error) {
    if (!signal.aborted) throw error
    throw new RepriseError('interrupted', 'the draft is kept, and the next deposit goes on with it', {
      subject: base.origin,
    })
  } finally {
    over()
  }
}

function metadataPath(paths: readonly string[], { metadata }: DepositOptions): string {
  const path = metadata ?? (paths.length === 1 ? join(paths[0]!, '.zenodo.json') : '')
  if (isFile(path)) return path
  throw new RepriseError('usage', 'there is no metadata', {
    subject: metadata ?? paths.join(', '),
    remedy:
      'Deposit a folder with a .zenodo.json, as reprise export --artifact makes it, or give --metadata FILE',
  })
}

function tell({ id, url, isNew, files, others }: Deposited, base: URL, out: Terminal): void {
  const sent = files.filter((file) => file.sent).length
  const kept = files.length - sent
  out.say(
    `${isNew ? 'made' : 'went on with'} the draft ${id} at ${base.host}: ${several(sent, 'file')} uploaded${kept === 0 ? '' : `, ${kept} there already`}, every checksum compared`,
  )
  for (const name of others)
    out.say(pc.yellow(`${oneLine(name)} is in the draft too, and not of this deposit: it stays`))
  out.print(url)
}

async function publishAsked(
  repository: Repository,
  made: Deposited,
  { yes }: DepositOptions,
  patience: Patience,
  out: Terminal,
): Promise<Published> {
  if (yes !== true) {
    out.say(pc.yellow(`Published at ${repository.base.host}, it is public and cannot be taken back.`))
    if (!(await askYes(`Publish ${several(made.files.length, 'file')}?`)))
      throw new RepriseError('refused', 'was not published', {
        subject: made.url,
        remedy: 'The draft is kept: publish it there, or with --publish',
      })
  }
  const published = await publish(repository, made, patience)
  out.say(`published${published.doi === null ? '' : ` as https://doi.org/${published.doi}`}`)
  out.print(published.url)
  return published
}

function unasked(): RepriseError {
  return new RepriseError(
    'refused',
    'nobody is here to be asked, and what is published cannot be taken back',
    {
      subject: '--publish',
      remedy: 'Say --yes too',
    },
  )
}
