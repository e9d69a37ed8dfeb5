/** Executes chunks of an example as an engine would, schema and all, and gives the jobs' results. */
import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { chunkPlace, parseChunk } from '../../lib/chunk.ts'
import { chunkCount, experimentHash } from '../../lib/document.ts'
import { executeChunk, type Ports } from '../../lib/execute.ts'
import type { Experiment } from '../../lib/experiment.ts'
import { decode, type Value } from '../../lib/values.ts'

/** The chunk's bytes. */
export async function chunkBytes(experiment: Experiment, chunk: number): Promise<Uint8Array> {
  const { document, work } = experiment
  assert.ok(work !== null)
  const executed = await executeChunk(document, experimentHash(document), work, chunk, ports(experiment))
  return executed.bytes
}

/** All results at the points that `wanted` picks, in order. A failed job fails the test. */
export async function resultsAt<P, R>(
  experiment: Experiment<P, R>,
  wanted: (point: P) => boolean,
): Promise<R[]> {
  const results: R[] = []
  for (let chunk = 0; chunk < chunkCount(experiment.document); chunk++) {
    const place = chunkPlace(experiment.document, chunk)
    if (!wanted(place.point as P)) continue
    const record = parseChunk(await chunkBytes(experiment, chunk), place)
    assert.ok('jobs' in record)
    for (const job of record.jobs) {
      assert.ok('result' in job, JSON.stringify(job))
      results.push(decode(job.result) as Value as R)
    }
  }
  return results
}

function ports(experiment: Experiment): Ports {
  const matches = experiment.result === null ? null : new Ajv().compile(experiment.result)
  const none = (): never => assert.fail('no input was declared')
  return {
    input: Object.assign(none, { text: none }),
    log: () => {},
    at: () => {},
    chance: () => {},
    validate: matches && ((result) => (matches(result) ? null : JSON.stringify(matches.errors))),
  }
}
