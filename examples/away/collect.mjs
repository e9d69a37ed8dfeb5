/**
 * Collects a run that another process submitted: takes its results as they come, and ends with the run.
 *
 *     node examples/away/collect.mjs [RUN]
 */
import { open } from 'reprise'

const lab = await open()
const run = await lab.attach(process.argv[2] ?? '@last')
const distances = new Map()
for await (const { point, result } of run.results({ order: 'completion' })) {
  if (result === undefined) continue // a job that failed
  distances.set(point.bias, [...(distances.get(point.bias) ?? []), result.distance])
}
for (const [bias, all] of [...distances].sort(([a], [b]) => a - b)) {
  const mean = all.reduce((sum, distance) => sum + distance, 0) / all.length
  console.log(`bias ${bias}: mean distance ${mean.toFixed(1)} of ${all.length} walks`)
}
console.log(`root ${run.root}`)
