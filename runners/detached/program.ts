/**
 * The head's program as one file: our far side with all that it needs, and in it the program that makes stations of the
 * workers, which cannot be bundled there. Named by its SHA-256; the same sources give the same bytes.
 */
import { fileURLToPath } from 'node:url'
import { cloudProgram } from '../cloud/program.ts'
import { type OneFile, oneFile, REQUIRE } from '../one-file.ts'
import { stationProgram } from '../station/program.ts'

const SOURCES = fileURLToPath(new URL('.', import.meta.url))

type Built = Promise<OneFile>

let head: Built | null = null
let cloudHead: Built | null = null

/** For hosts, and clusters of Slurm. */
export function headProgram(): Built {
  head ??= build('far.js', {})
  return head
}

/** For this machine, as the head of what is executed in a cloud: with its clients, and with the programs of its tasks. */
export function cloudHeadProgram(): Built {
  cloudHead ??= cloudProgram().then(({ boot, pod }) =>
    build('far-cloud.js', {
      define: { CLOUD_PROGRAM: JSON.stringify({ boot, pod: pod.bytes.toString('utf8') }) },
      banner: { js: REQUIRE },
    }),
  )
  return cloudHead
}

async function build(
  entry: string,
  more: { define?: Record<string, string>; banner?: { js: string } },
): Built {
  const { bytes, boot } = await stationProgram()
  return oneFile(SOURCES, entry, {
    external: ['esbuild'], // what would bundle is never asked to, there
    ...more,
    define: { ...more.define, STATION_PROGRAM: JSON.stringify({ text: bytes.toString('utf8'), boot }) },
  })
}
