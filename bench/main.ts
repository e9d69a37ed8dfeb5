/**
 * The measurements of Reprise.
 *
 *   npm run bench                          everything, some ten minutes on a quiet machine
 *   npm run bench -- inside                what the parts cost, inside a process
 *   npm run bench -- start throughput memory efficiency
 *                                          whole processes through the command line, these or any of them
 *   npm run bench -- memory --full         with 10^7 jobs
 *   npm run bench -- math portable         portable Math against the platform's: its functions, and an experiment
 *   npm run bench -- recording             what recording costs, against a run that records the bare minimum
 *   npm run bench -- verify                the largest manifests, and one chunk with its proof
 *   npm run bench -- station               what a station costs that engines of another host are behind
 *   npm run bench -- ssh                   hosts that are far away, and what the way over ssh costs
 *   npm run bench -- array                 a run of a million chunks through store, journal, results and seal; some minutes
 *   npm run bench -- s3                    ten thousand keys through a store in a bucket, over loopback
 *
 * What came out on which machine stands in RESULTS.md.
 */
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { arrayTable } from './array.ts'
import { farTable } from './far.ts'
import { measureInside } from './inside.ts'
import { epidemicTable, functionsTable } from './portable.ts'
import { recordingTable } from './recording.ts'
import { s3Table } from './s3.ts'
import { stationCosts } from './station.ts'
import { insideTable } from './table.ts'
import { verification } from './verify.ts'
import { efficiencyTable, firstChunk, memory, throughput } from './whole.ts'

const { values, positionals } = parseArgs({
  options: { full: { type: 'boolean', default: false } },
  allowPositionals: true,
})

const measurements: Readonly<Record<string, () => Promise<string>>> = {
  inside: async () => insideTable(await measureInside()),
  start: () => firstChunk(),
  throughput: () => throughput(),
  memory: () => memory(values.full ? [1e5, 1e6, 1e7] : [1e5, 1e6]),
  efficiency: () => efficiencyTable(),
  recording: () => recordingTable(),
  math: async () => functionsTable(),
  portable: () => epidemicTable(),
  verify: () => verification(),
  station: () => stationCosts(),
  ssh: () => farTable(),
  array: () => arrayTable(),
  s3: () => s3Table(),
}

const unknown = positionals.find((name) => !Object.hasOwn(measurements, name))
if (unknown !== undefined) {
  console.error(`There is no measurement ${unknown}; known are ${Object.keys(measurements).join(', ')}`)
  process.exit(2)
}

const gigabytes = Math.round(totalmem() / 2 ** 30)
console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, ${gigabytes} GiB, Node ${process.versions.node}`)
for (const [name, measure] of Object.entries(measurements)) {
  if (positionals.length === 0 || positionals.includes(name)) console.log(`\n${await measure()}`)
}
