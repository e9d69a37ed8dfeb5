/** What checking an artifact takes, from what was recorded: core-time, machines, memory and disk. */
import type { RecordedEnvironment } from '../../lib/environment.ts'
import type { ArtifactRun } from './artifact.ts'
import { plainVersion } from './facts.ts'
import { markdownText } from './markdown.ts'

/** A line a run: how long all of it and a sample of so many chunks take on one core. */
export function timeLines(runs: readonly ArtifactRun[], sample: number): string[] {
  const rows = runs.map(({ key, manifest, time, bundle, resultBytes }) => {
    const { chunks } = manifest.results
    const most = time?.of === 'sessions' ? 'at most ' : ''
    const [all, some] =
      time === null
        ? ['not recorded', 'not recorded']
        : [time.coreMs, (time.coreMs / chunks) * Math.min(sample, chunks)].map(
            (ms) => `${most}${roughTime(ms)}`,
          )
    const disk = `${roughBytes(bundle.bytes)}${resultBytes === null ? '' : `; a rerun keeps ${roughBytes(resultBytes)} of results`}`
    return `| ${key} | ${chunks} | ${some} | ${all} | ${disk} |`
  })
  return [
    `| run | chunks | core-time of ${sample} chunks | core-time of all | disk |`,
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    'Core-time is what the recorded run took of one core, and so what a rerun takes with `--engines 1` on such a machine; with more engines, less. Starting takes a few seconds besides.',
  ]
}

/** The machines on which chunks were executed, and the most memory that one had. */
export function environmentLines(runs: readonly ArtifactRun[]): string[] {
  const lines = runs.flatMap(({ manifest: { run } }) => {
    const executed = (run.environments ?? []).flatMap(({ environment }) => environment ?? [])
    const led = run.sessions.map(({ environment }): RecordedEnvironment => environment)
    return (executed.length > 0 ? executed : led).map(machineWords)
  })
  const probes = runs.flatMap(({ key, manifest: { run } }) =>
    [...new Set((run.probes ?? []).map(({ name }) => name))].map(
      (name) => `- ${key} recorded ${markdownText(name)}`,
    ),
  )
  return [
    'It was executed on:',
    '',
    ...[...new Set(lines)].map((line) => `- ${line}`),
    ...(probes.length === 0
      ? []
      : [
          '',
          'Its author had these programs recorded, which must be there (`reprise show` has what they said):',
          '',
          ...probes,
        ]),
  ]
}

function machineWords({ cpu, cores, memory, os, arch, node }: RecordedEnvironment): string {
  const parts = [
    ...(cpu === undefined ? [] : [markdownText(cpu)]),
    ...(cores === undefined ? [] : [`${cores} cores`]),
    ...(memory === undefined ? [] : [`${roughBytes(memory)} of memory`]),
    ...(os === undefined ? [] : [markdownText(`${os} ${arch ?? ''}`)]),
    `Node.js ${markdownText(plainVersion(node))}`,
  ]
  return parts.join(', ')
}

/** `about 12 s`: two digits, for nobody can promise more. */
export function roughTime(ms: number): string {
  const [amount, unit] =
    ms < 1_000
      ? [1, 's']
      : ms < 120_000
        ? [ms / 1_000, 's']
        : ms < 7_200_000
          ? [ms / 60_000, 'min']
          : [ms / 3_600_000, 'h']
  return ms < 1_000 ? 'less than 1 s' : `about ${Number(amount.toPrecision(2))} ${unit}`
}

/** `1.2 MB`. */
export function roughBytes(bytes: number): string {
  const step = [1e12, 1e9, 1e6, 1e3].findIndex((size) => bytes >= size)
  if (step < 0) return `${bytes} bytes`
  return `${Number((bytes / [1e12, 1e9, 1e6, 1e3][step]!).toPrecision(2))} ${['TB', 'GB', 'MB', 'kB'][step]}`
}
