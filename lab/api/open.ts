/** A lab in the hands of a program: runs are planned here, by one process, and executed by their supervisors. */
import { fileURLToPath } from 'node:url'
import type { Mapping } from '../../provenance/mapped-module.ts'
import { localLauncher } from '../../runners/local.ts'
import { findLab, findRun, type Lab as LabPaths, listRuns, type RunFolder } from '../lab.ts'
import { planRun } from '../plan.ts'
import { supervise } from '../supervise.ts'
import { checkOptions, EXECUTE, mannerOf, shareOf } from './manner.ts'
import { ASKED_OF_MAP, mappedValues, mappingOf } from './map.ts'
import { runIn } from './run.ts'
import type { ItemOf, Lab, Mapped, MapRunOptions, Run, SubmitOptions } from './types.ts'

export function openLab(folder: string | URL): Lab {
  const lab = findLab(pathOf(folder))
  return Object.freeze({
    path: lab.path,
    submit: <E>(file: string | URL, options: SubmitOptions = {}) =>
      submit<E>(lab, pathOf(file), options, null),
    attach: async <E>(run: string) => runIn<E>(lab, findRun(lab, run)),
    runs: async () => listRuns(lab).map((run) => runIn(lab, run)),
    map: <F extends Mapped>(file: string | URL, items: readonly ItemOf<F>[], options: MapRunOptions = {}) =>
      mapOver<F>(lab, pathOf(file), items, options),
  })
}

function pathOf(place: string | URL): string {
  return place instanceof URL ? fileURLToPath(place) : place
}

async function submit<E>(
  lab: LabPaths,
  file: string,
  options: SubmitOptions,
  mapping: Mapping | null,
): Promise<Run<E>> {
  checkOptions(options, [...EXECUTE, 'replicate', 'audited'], 'submit')
  const manner = await mannerOf(lab, options)
  const share = shareOf(options.replicate)
  const planned = await oneAtATime(() => plan(lab, file, share, options.audited === true, mapping))
  await supervise(lab, planned, manner)
  return runIn<E>(lab, planned)
}

async function plan(
  lab: LabPaths,
  file: string,
  share: string | null,
  audited: boolean,
  mapping: Mapping | null,
): Promise<RunFolder> {
  const launcher = localLauncher()
  try {
    return await planRun(lab, file, launcher, new Date(), share, audited, mapping)
  } finally {
    launcher.close()
  }
}

/** Plans that are being made; a builder of capsules serves one at a time. */
let planning: Promise<unknown> = Promise.resolve()

function oneAtATime<T>(make: () => Promise<T>): Promise<T> {
  const made = planning.then(make)
  planning = made.catch(() => {})
  return made
}

async function mapOver<F extends Mapped>(
  lab: LabPaths,
  file: string,
  items: readonly ItemOf<F>[],
  options: MapRunOptions,
): Promise<Awaited<ReturnType<F>>[]> {
  checkOptions(options, [...EXECUTE, ...ASKED_OF_MAP], 'map')
  const mapping = mappingOf(file, items, options)
  if (items.length === 0) return []
  const { runner, engines, timeout, runtime } = options
  const given = Object.entries({ runner, engines, timeout, runtime }).filter(
    ([, value]) => value !== undefined,
  )
  const run = await submit(lab, file, Object.fromEntries(given), mapping)
  return (await mappedValues(run)) as Awaited<ReturnType<F>>[]
}
