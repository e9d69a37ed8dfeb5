/**
 * The measurements of Reprise.
 *
 *   npm run bench                  everything, about ten minutes
 *   npm run bench -- --inside      what the parts cost, inside a process
 *   npm run bench -- --whole       whole processes through the command line
 *   npm run bench -- --full        with 10^7 jobs in the memory measurement, some minutes more
 *
 * What came out on which machine stands in RESULTS.md. Times depend on the machine; the whole-process measurements
 * are ratios within one run wherever that is possible.
 */
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { measureInside } from './inside.ts'
import { insideTable } from './table.ts'
import { efficiencyTable, firstChunk, memory, throughput } from './whole.ts'

const { values: wanted } = parseArgs({
  options: { inside: { type: 'boolean' }, whole: { type: 'boolean' }, full: { type: 'boolean' } },
})
const all = wanted.inside === wanted.whole

const [cpu] = cpus()
const gigabytes = Math.round(totalmem() / 2 ** 30)
console.log(`${cpus().length} × ${cpu?.model.trim()}, ${gigabytes} GiB, Node ${process.versions.node}\n`)

if (all || wanted.inside) console.log(`${insideTable(await measureInside())}\n`)

if (all || wanted.whole) {
  console.log(`${await firstChunk()}\n`)
  console.log(`${await throughput()}\n`)
  console.log(`${await memory(wanted.full ? [1e5, 1e6, 1e7] : [1e5, 1e6])}\n`)
  console.log(`${await efficiencyTable()}\n`)
}
