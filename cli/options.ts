/** Options that several commands share, each checked as it is read. */
import { type Command, Option } from 'commander'
import { CLUSTER_WORDS, isScheduler } from '../lab/cluster-word.ts'
import { RepriseError } from '../lib/errors.ts'
import { shareCount } from '../lib/sample.ts'
import type { Prices } from '../runners/cloud/prices.ts'
import type { Runtime } from '../runners/runtime.ts'

export interface EngineOptions {
  /** `local`, or such as `slurm:NAME` for a cluster; when not given, where the run is already, else here. */
  readonly runner?: string
  /** All that the runner has when not given. */
  readonly engines?: number
  /** Seconds. */
  readonly timeout?: number
  /** How long a task of a scheduler is to take, seconds. */
  readonly taskTime?: number
  /** Core-hours that the run may take in all; `none` for any, what was said before when not given. */
  readonly maxCoreHours?: number | 'none'
  /** A version of Node, the path of one, or `recorded`. */
  readonly runtime?: string
  /** What `runtime` led to; see runtime.ts. */
  readonly node?: Runtime
}

/** Whether engines are to be here. */
export function isLocal({ runner = 'local' }: { readonly runner?: string | undefined }): boolean {
  return runner === 'local'
}

/** Whether a scheduler's cluster takes the whole run, attached or not. */
export function isHandedOver({ runner }: { readonly runner?: string | undefined }): boolean {
  return isScheduler(runner)
}

export interface ReplicaOptions {
  /** A share of the chunks. */
  readonly replicate?: string
}

export interface DetachOptions {
  readonly detach?: boolean
}

export function wholeNumber(name: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const n = Number(text)
    if (/^\d+$/.test(text) && n >= least && n <= most) return n
    throw new RepriseError(
      'usage',
      `${JSON.stringify(text)} is not a whole number from ${least} to ${most}`,
      { subject: name },
    )
  }
}

export function seconds(name: string): (text: string) => number {
  return (text) => {
    const n = Number(text)
    if (text.trim() !== '' && Number.isFinite(n) && n > 0) return n
    throw new RepriseError('usage', `${JSON.stringify(text)} is not a number of seconds above 0`, {
      subject: name,
    })
  }
}

/** What a core costs for an hour: `0.04 USD`. */
export function price(text: string): Prices {
  const [, amount, currency] = /^(\d{1,7}(?:\.\d{1,9})?) ?([A-Z]{3})$/.exec(text.trim()) ?? []
  if (amount !== undefined && currency !== undefined) return { coreHour: Number(amount), currency }
  throw new RepriseError(
    'usage',
    `${JSON.stringify(text)} is no amount with a currency, such as "0.04 USD"`,
    {
      subject: '--price',
    },
  )
}

export function withEngines(command: Command): Command {
  const runner = new Option(
    '--runner <runner>',
    `where engines run: local, which is here; ${CLUSTER_WORDS}, a cluster (default: where a detached run is, else local)`,
  )
  const engines = new Option(
    '-e, --engines <n>',
    'engines at once; changes no bit of any result (default: one per core, or all of the cluster)',
  ).argParser(wholeNumber('--engines', 1, 1024))
  const runtime = new Option(
    '-r, --runtime <node>',
    'Node for the engines: a version, fetched where it is not at hand; a path; or recorded, the one that a rerun repeats',
  )
  const taskTime = new Option(
    '--task-time <seconds>',
    'how long a task of a scheduler is to take (default: what its configuration says, else 120)',
  ).argParser(seconds('--task-time'))
  return withTimeout(command.addOption(runner).addOption(engines)).addOption(taskTime).addOption(runtime)
}

/** For commands that execute a run of their own. */
export function withBudget(command: Command): Command {
  return command.addOption(
    new Option(
      '--max-core-hours <n>',
      'stop the run when it has taken so many core-hours in all; holds for later sessions too, until it is said anew, or none',
    ).argParser(coreHours),
  )
}

function coreHours(text: string): number | 'none' {
  if (text === 'none') return text
  const n = Number(text)
  if (text.trim() !== '' && Number.isFinite(n) && n > 0 && n <= 1e9) return n
  throw new RepriseError('usage', `${JSON.stringify(text)} is not a number of core-hours above 0`, {
    subject: '--max-core-hours',
    remedy: 'Say a number, or none for any',
  })
}

export function withDetach(command: Command): Command {
  return command.option(
    '-d, --detach',
    'have it executed by a process of its own; return once that has begun',
  )
}

export function withTimeout(command: Command): Command {
  return command.addOption(
    new Option('-t, --timeout <seconds>', 'longest time for one job; then its engine is replaced').argParser(
      seconds('--timeout'),
    ),
  )
}

/** For an option that may be given several times. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}

/** A share of the chunks: a percentage, or a number of them. */
export function share(text: string): string {
  if (shareCount(text, 1) !== null) return text
  throw new RepriseError(
    'usage',
    `${JSON.stringify(text)} is neither a percentage such as 1% nor a number of chunks`,
    {
      subject: '--replicate',
    },
  )
}

/** A public value to draw by: a text that others can give in the same way. */
export function beacon(text: string): string {
  const fault =
    text.trim() === ''
      ? 'is empty'
      : text !== text.trim()
        ? 'begins or ends with a blank'
        : /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/u.test(text)
          ? 'holds characters that are not seen'
          : text.length > 1000
            ? 'is longer than 1000 characters'
            : null
  if (fault === null) return text
  throw new RepriseError('usage', fault, {
    subject: '--beacon',
    remedy: 'Give the public value in one line, so that others can draw by the same text',
  })
}

/** What a rerun draws, and by what. */
export function withAudit(command: Command): Command {
  return command
    .addOption(
      new Option('-s, --sample <k>', 'only k chunks, drawn at random').argParser(
        wholeNumber('--sample', 1, 2 ** 31),
      ),
    )
    .addOption(
      new Option(
        '--beacon <value>',
        'draw the sample by a public value that did not exist when the manifest was published',
      ).argParser(beacon),
    )
    .addOption(
      new Option('--stratify <what>', 'take chunks of each point, or of each environment of engines').choices(
        ['point', 'engine'],
      ),
    )
    .addHelpText(
      'after',
      `
A sample drawn by a beacon was chosen by nobody: it follows from the root and the value, such as a later round of drand or
  the numbers of a lottery. Reprise does not fetch it; give its text as it was published, and where it was. Anybody who
  does the same draws the same chunks.`,
    )
}

/** Whose timestamps are believed. */
export function withAuthorities(command: Command): Command {
  return command.addOption(
    new Option(
      '--tsa-ca <file>',
      'trust the timestamp authorities below these certificates (PEM); may be given again',
    )
      .default([], 'none')
      .argParser(collect),
  )
}

export function withReplicas(command: Command): Command {
  const replicate = new Option(
    '--replicate <share>',
    'execute a share of the chunks (1%, or a number) twice, on different engines, and compare',
  )
  return command.addOption(replicate.argParser(share))
}

/** Which record of a PDF with several of them. */
export function withRecord(command: Command): Command {
  return command.option(
    '--record <record>',
    'of a PDF with several records: the number of one, or how its root begins',
  )
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object')
}
