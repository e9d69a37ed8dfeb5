/**
 * The bare loop: `node bare.js JOBS DRAWS K N` does what engine K of N would, with the same seeds and the same
 * function, and nothing else. What Reprise takes longer than this is what Reprise costs.
 */
import { chunkPlace } from '../lib/chunk.ts'
import { chunkCount, experimentHash } from '../lib/document.ts'
import { randomStream } from '../lib/random.ts'
import { chunkSeed, jobSeed } from '../lib/seed.ts'
import { busy, sumOfDraws } from './busy.ts'

const [jobs, draws, own, processes] = process.argv.slice(2).map(Number) as [number, number, number, number]
const { document } = busy(jobs, draws)
const hash = experimentHash(document)
const results: number[] = []
for (let chunk = own; chunk < chunkCount(document); chunk += processes) {
  const seed = chunkSeed(hash, chunk)
  for (let j = 0; j < chunkPlace(document, chunk).jobs; j++) {
    results.push(sumOfDraws(randomStream(document.random, jobSeed(seed, j)), draws))
  }
}
console.log(results.reduce((sum, result) => sum + result, 0))
