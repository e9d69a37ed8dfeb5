/**
 * Which programs are made when Reprise is built, and of what: those of stations, heads and tasks, which go to machines where
 * Reprise is not installed, and the scripts of pages. They are read by `runners/built.ts`. Nothing of our own is bundled after
 * that: only capsules are.
 */
import { join } from 'node:path'
import { clientScript } from './client-script.ts'
import { oneFile, oneText, REQUIRE } from './one-file.ts'

/** The programs by the names of their files, made from the compiled sources in `dist`. */
export async function makePrograms(dist: string): Promise<ReadonlyMap<string, string>> {
  const from = (folder: string) => join(dist, folder)
  const [station, boot, pod, cloudBoot] = await Promise.all([
    oneFile(from('runners/station/far'), './main.js', { minifyIdentifiers: true }),
    oneText(from('runners/station/far'), './boot.js'),
    oneFile(from('runners/cloud'), './pod.js', { minifyIdentifiers: true, banner: { js: REQUIRE } }),
    oneText(from('runners/cloud'), './boot.js', { minifySyntax: true }),
  ])
  // Heads make stations of their workers, and tasks, and cannot bundle: they have those programs in them.
  const STATION_PROGRAM = JSON.stringify({ text: station, boot })
  const CLOUD_PROGRAM = JSON.stringify({ boot: cloudBoot, pod })
  const [head, cloudHead] = await Promise.all([
    oneFile(from('runners/detached'), './far.js', { define: { STATION_PROGRAM } }),
    oneFile(from('runners/detached'), './far-cloud.js', {
      define: { STATION_PROGRAM, CLOUD_PROGRAM },
      banner: { js: REQUIRE },
      minifyIdentifiers: true, // else it names the places of its packages
      keepNames: true, // the client of Kubernetes tells classes by them
    }),
  ])
  const [reportPage, labPage] = await Promise.all([
    clientScript(dist, 'report', ['tabulate', 'judge', 'engine']),
    clientScript(dist, 'lab'),
  ])
  return new Map([
    ['station.mjs', station],
    ['station-boot.js', boot],
    ['cloud-pod.mjs', pod],
    ['cloud-boot.js', cloudBoot],
    ['head.mjs', head],
    ['cloud-head.mjs', cloudHead],
    ['report-page.js', reportPage],
    ['lab-page.js', labPage],
  ])
}
