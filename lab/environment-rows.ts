/** What `show` and `doctor` tell of where an execution took place: rows for a table, none where nothing is known. */
import type { RecordedEnvironment } from '../lib/environment.ts'
import { outcomeWords } from '../lib/probe.ts'
import type { ProbeRecord, SessionEnvironment } from '../provenance/manifest.ts'
import type { BundledPackage } from '../provenance/packages.ts'
import type { SlurmJob } from '../provenance/slurm.ts'
import type { Variables } from '../provenance/variables.ts'
import { several } from './words.ts'

/** Values and names told, and characters of each; a record has them all, and may hold any number of any length. */
const MOST = 10
const LENGTH = 100

function cut(words: string): string {
  return words.length <= LENGTH ? words : `${words.slice(0, LENGTH)}…`
}

/** What lies beneath the runtime, and which build of it this is. */
export function platformRows({ libc, binary, cpuFlags = [] }: Partial<RecordedEnvironment>): string[][] {
  const vectors = cpuFlags.filter((flag) => /^(fma|avx2?|avx512f|sve2?|asimd)$/.test(flag))
  return [
    ...(libc === undefined ? [] : [['C library', cut(libc)]]),
    ...(vectors.length === 0 ? [] : [['vectors', cut(vectors.join(' '))]]),
    ...(binary === undefined ? [] : [['executable', `Node with SHA-256 ${binary}`]]),
  ]
}

/** What the process that led the session lived in. */
export function surroundingsRows(
  environment: Partial<SessionEnvironment>,
  variables?: Variables | undefined,
): string[][] {
  const { container, slurm } = environment
  const rows: string[][] = []
  if (container !== undefined) {
    const { kind, image, digest } = container
    const named = image === undefined ? '' : `, image ${cut(image)}`
    const id = digest === undefined || image?.includes(digest) === true ? '' : `, SHA-256 ${digest}`
    rows.push(['container', `${cut(kind)}${named}${id}`])
  }
  if (slurm !== undefined) {
    const told = SLURM_WORDS.flatMap(([key, words]) => {
      const value = slurm[key]
      return value === undefined ? [] : [`${words} ${cut(value)}`]
    })
    rows.push(['Slurm', told.join(', ')])
  }
  if (variables !== undefined) rows.push(['variables', variableWords(variables)])
  return rows
}

const SLURM_WORDS: readonly (readonly [key: keyof SlurmJob, words: string])[] = [
  ['job', 'job'],
  ['arrayTask', 'task'],
  ['arrayJob', 'of array'],
  ['cluster', 'cluster'],
  ['partition', 'partition'],
  ['nodeCount', 'number of nodes'],
  ['nodes', 'nodes'],
  ['tasks', 'tasks'],
  ['cpusPerTask', 'CPUs a task'],
]

function variableWords({ recorded, others }: Variables): string {
  const pairs = Object.entries(recorded).map(([name, value]) => cut(`${name}=${value}`))
  const more = pairs.length > MOST ? [`and ${pairs.length - MOST} more`] : []
  const told = [...pairs.slice(0, MOST), ...more].join(' ')
  const names = `${several(others.length, 'other')} by name alone`
  return told === '' ? names : `${told}, ${names}`
}

/** What each probe gave. */
export function probeRows(probes: readonly ProbeRecord[]): string[][] {
  const rows = probes.slice(0, 2 * MOST).map((probe) => `${cut(probe.name)}: ${outcomeWords(probe)}`)
  const more = probes.length - rows.length
  return [...rows, ...(more > 0 ? [`and ${several(more, 'other output')}`] : [])].map((row) => ['probe', row])
}

/** `3 packages (ISC, MIT)`. */
export function packageWords(packages: readonly BundledPackage[]): string {
  const names = [
    ...new Set(packages.flatMap(({ license }) => (license === undefined ? [] : [cut(license)]))),
  ].sort()
  const more = names.length > MOST ? [`${names.length - MOST} more`] : []
  const licenses = [...names.slice(0, MOST), ...more].join(', ')
  return `${several(packages.length, 'package')}${licenses === '' ? '' : ` (${licenses})`}`
}
