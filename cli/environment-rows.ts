/** What `show` and `doctor` tell of where an execution took place: rows for a table, none where nothing is known. */
import type { RecordedEnvironment } from '../lib/environment.ts'
import { outcomeWords } from '../lib/probe.ts'
import type { ProbeRecord, SessionEnvironment } from '../provenance/manifest.ts'
import type { BundledPackage } from '../provenance/packages.ts'
import type { Variables } from '../provenance/variables.ts'
import { several } from './words.ts'

/** Values and names told; the record has them all. */
const MOST = 10

/** What lies beneath the runtime, and which build of it this is. */
export function platformRows({ libc, binary, cpuFlags = [] }: Partial<RecordedEnvironment>): string[][] {
  const vectors = cpuFlags.filter((flag) => /^(fma|avx2?|avx512f|sve2?|asimd)$/.test(flag))
  return [
    ...(libc === undefined ? [] : [['C library', libc]]),
    ...(vectors.length === 0 ? [] : [['vectors', vectors.join(' ')]]),
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
    const named = image === undefined ? '' : `, image ${image}`
    const id = digest === undefined || image?.includes(digest) === true ? '' : `, SHA-256 ${digest}`
    rows.push(['container', `${kind}${named}${id}`])
  }
  if (slurm !== undefined) {
    const { job, ...more } = slurm
    const words = Object.entries(more).map(([key, value]) => `, ${SLURM_WORDS[key] ?? key} ${value}`)
    rows.push(['Slurm', `job ${job}${words.join('')}`])
  }
  if (variables !== undefined) rows.push(['variables', variableWords(variables)])
  return rows
}

const SLURM_WORDS: Readonly<Record<string, string>> = {
  arrayJob: 'of array',
  arrayTask: 'task',
  cpusPerTask: 'CPUs a task',
}

function variableWords({ recorded, others }: Variables): string {
  const pairs = Object.entries(recorded).map(([name, value]) => `${name}=${value}`)
  const more = pairs.length > MOST ? [`and ${pairs.length - MOST} more`] : []
  const told = [...pairs.slice(0, MOST), ...more].join(' ')
  const names = `${several(others.length, 'other')} by name alone`
  return told === '' ? names : `${told}, ${names}`
}

/** What each probe gave. */
export function probeRows(probes: readonly ProbeRecord[]): string[][] {
  return probes.map((probe) => ['probe', `${probe.name}: ${outcomeWords(probe)}`])
}

/** `3 packages (ISC, MIT)`. */
export function packageWords(packages: readonly BundledPackage[]): string {
  const names = [...new Set(packages.flatMap(({ license }) => license ?? []))].sort()
  const more = names.length > MOST ? [`${names.length - MOST} more`] : []
  const licenses = [...names.slice(0, MOST), ...more].join(', ')
  return `${several(packages.length, 'package')}${licenses === '' ? '' : ` (${licenses})`}`
}
