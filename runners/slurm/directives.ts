/**
 * What is asked of Slurm for a task, as `#SBATCH` lines. sbatch takes such a line apart as a shell would (blanks part
 * words, quotes and backslashes quote, `#` begins a comment), so a value is quoted, and one that holds what ends a line is refused.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { SlurmWishes } from './profile.ts'

/** Options of sbatch that are wishes of their own. */
const WISHES = {
  partition: 'partition',
  account: 'account',
  qos: 'qos',
  constraint: 'constraint',
  time: 'time',
  memory: 'mem',
  cpus: 'cpus-per-task',
} as const

/** Options without which tasks would not be what they are; nobody else may give them. */
const OWN = ['array', 'chdir', 'error', 'export', 'help', 'input', 'job-name', 'nodes', 'ntasks', 'open-mode', 'output', 'parsable', 'test-only', 'usage', 'version', 'wait', 'wrap'] // biome-ignore format: a list of words

const PLAIN = /^[A-Za-z0-9_.,:+/@%=-]+$/
/** Ends a line, or the whole text, for sbatch or for people. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f\u2028\u2029]/

/** The name of an option in `--name` or `--name=value`. */
const EXTRA = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/i

/** The lines, without what is different for every array. Throws `usage`, naming what cannot be said so. */
export function wishLines(wishes: SlurmWishes): string[] {
  const { cpus = 1 } = wishes
  if (!Number.isSafeInteger(cpus) || cpus < 1) throw odd('cpus', cpus, 'Give it a whole number from 1')
  const asked = Object.entries(WISHES).flatMap(([name, option]) => {
    const value = name === 'cpus' ? cpus : wishes[name as keyof typeof WISHES]
    return value === undefined ? [] : [directive(option, String(value), name)]
  })
  return [...asked, ...(wishes.extra ?? []).map(extraLine)]
}

/** Whether the further options say one of these, in full or as getopt lets it be shortened. */
export function saysExtra(wishes: SlurmWishes, ...names: readonly string[]): boolean {
  return (wishes.extra ?? []).some((word) => {
    const name = EXTRA.exec(word)?.[1]?.toLowerCase()
    return name !== undefined && names.some((one) => one.startsWith(name))
  })
}

/** The cluster of several that is asked for; null for the one at hand. */
export function clusterAsked(wishes: SlurmWishes): string | null {
  for (const word of wishes.extra ?? []) {
    const [, name, value = ''] = EXTRA.exec(word) ?? []
    if (name === undefined || !'clusters'.startsWith(name) || name.length < 2) continue
    if (!/^[A-Za-z0-9_.-]+$/.test(value)) throw odd('extra', word, 'Name one cluster: --clusters=NAME')
    return value
  }
  return null
}

/** One `#SBATCH` line. */
export function directive(option: string, value: string | null, subject = option): string {
  if (value === null) return `#SBATCH --${option}`
  if (value === '' || CONTROL.test(value)) throw odd(subject, value, 'Write it as one line of plain text')
  return `#SBATCH --${option}=${quotedForSbatch(value)}`
}

function quotedForSbatch(value: string): string {
  return PLAIN.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}

function extraLine(word: string): string {
  const [, written, value] = EXTRA.exec(word) ?? []
  if (written === undefined || written !== written.toLowerCase())
    throw odd('extra', word, 'Write each option of sbatch whole, as --name or --name=value')
  const own = OWN.find((name) => name.startsWith(written))
  if (own !== undefined) throw odd('extra', word, `Leave --${own} out: Reprise gives it itself`)
  const wish = Object.entries(WISHES).find(([, option]) => option.startsWith(written))
  if (wish !== undefined) throw odd('extra', word, `Say it as \`${wish[0]}\` of the profile`)
  return directive(written, value ?? null, 'extra')
}

export function hasControl(text: string): boolean {
  return CONTROL.test(text)
}

function odd(subject: string, value: unknown, remedy: string): RepriseError {
  return new RepriseError('usage', `cannot be given to sbatch: ${JSON.stringify(value)}`, {
    subject: `slurm: ${subject}`,
    remedy,
  })
}
