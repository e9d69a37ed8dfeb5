/** A lab in the hands of a program: runs are planned here, by one process, and executed by their supervisors. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RepriseError } from '../../lib/errors.ts'
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
  const here = resolve(pathOf(folder, 'open'))
  if (statSync(here, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new RepriseError('not-found', 'is no folder', { subject: here, remedy: 'Name a project’s folder' })
  const lab = findLab(here)
  const fileAt = (file: string | URL, what: string) => resolve(here, pathOf(file, what))
  return Object.freeze({
    path: lab.path,
    submit: async <E>(file: string | URL, options: SubmitOptions = {}) =>
      submit<E>(lab, fileAt(file, 'submit'), options, null),
    attach: async <E>(run: string) => runIn<E>(lab, findRun(lab, String(run))),
    runs: async () => listRuns(lab).map((run) => runIn(lab, run)),
    map: async <F extends Mapped>(
      file: string | URL,
      items: readonly ItemOf<F>[],
      options: MapRunOptions = {},
    ) => mapOver<F>(lab, fileAt(file, 'map'), items, options),
  })
}

function pathOf(place: string | URL, what: string): string {
  if (typeof place === 'string' && place !== '') return place
  if (place instanceof URL && place.protocol === 'file:') return fileURLToPath(place)
  throw new RepriseError('usage', 'takes a path, or a URL that begins with file:', {
    subject: what,
    remedy: `It was given ${place instanceof URL ? place.href : `${typeof place} ${String(place)}`}`,
  })
}

async function submit<E>(
  lab: LabPaths,
  file: string,
  options: SubmitOptions,
  mapping: Mapping | null,
): Promise<Run<E>> {
  checkOptions(options, [...EXECUTE, 'replicate', 'audited'], 'submit')
  const manner = await mannerOf(lab, options)
  const share = shareOf(options.replicate, manner.runner)
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
  const { runner, engines, timeout, taskTime, runtime } = options
  const given = Object.entries({ runner, engines, timeout, taskTime, runtime }).filter(
    ([, value]) => value !== undefined,
  )
  const run = await submit(lab, file, Object.fromEntries(given), mapping)
  return (await mappedValues(run)) as Awaited<ReturnType<F>>[]
}
