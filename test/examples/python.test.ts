/**
 * The Python examples, started as an engine starts them: job lines in, answer lines out, and one process a job for
 * the simple form. What they answer is checked against theory and against counting every case.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import lineForm from '../../examples/python/experiment.ts'
import simpleForm from '../../examples/python/simple.ts'
import { chunkPlace } from '../../lib/chunk.ts'
import { fillPlaceholders } from '../../lib/command.ts'
import { sha256, toHex, utf8 } from '../../lib/digest.ts'
import { experimentHash } from '../../lib/document.ts'
import type { Experiment } from '../../lib/experiment.ts'
import { chunkSeed, jobSeed } from '../../lib/seed.ts'
import { assertMean, finalSize, type Setting } from './theory.ts'

const folder = fileURLToPath(new URL('../../../examples/python/', import.meta.url))
const skip = hasPython() ? false : 'NOT TESTED: python3 is not installed, so the Python examples were not run'
if (skip !== false) console.error(`\n*** ${skip} ***\n`)

function hasPython(): boolean {
  try {
    return execFileSync('python3', ['--version'], { encoding: 'utf8' }).startsWith('Python 3')
  } catch {
    return false
  }
}

/** The jobs of a chunk as a program sees them. */
function jobsOf(experiment: Experiment, chunk: number) {
  const { point, first, jobs } = chunkPlace(experiment.document, chunk)
  const seed = chunkSeed(experimentHash(experiment.document), chunk)
  return Array.from({ length: jobs }, (_, job) => ({
    chunk,
    job,
    point,
    repetition: first + job,
    seed: toHex(jobSeed(seed, job)),
  }))
}

function answers(
  lines: readonly unknown[],
): { result?: { removed: number; duration: number }; error?: unknown }[] {
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const output = execFileSync('python3', [...lineForm.program!.arguments], {
    cwd: folder,
    input,
    encoding: 'utf8',
  })
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('sir.py answers each line with a line, and the mean final size is the theory’s', { skip }, () => {
  const base: Setting = { infect: 0.3, remove: 0.4, nodes: 500, degree: 8 }
  for (const setting of [base, { ...base, infect: 0.2, remove: 0.6 }, { ...base, infect: 0.05, remove: 1 }]) {
    const jobs = Array.from({ length: 5 }, (_, chunk) => jobsOf(lineForm, chunk)).flat()
    const replies = answers(jobs.map((job) => ({ ...job, point: setting })))
    assert.equal(replies.length, 50)
    const sizes = replies.map((reply) => reply.result!.removed)
    assertMean(sizes, finalSize(setting, 10), `infect ${setting.infect}, remove ${setting.remove}`)
  }
})

test('sir.py draws from the seed alone: other order, other company, same answers', { skip }, () => {
  const jobs = jobsOf(lineForm, 13)
  const together = answers(jobs)
  assert.deepEqual(answers(jobs.toReversed()).reverse(), together)
  assert.deepEqual(answers([jobs[4]]), [together[4]])
  assert.equal(new Set(together.map((reply) => JSON.stringify(reply))).size, jobs.length)
})

test('sir.py reports a bad job as an error and goes on', { skip }, () => {
  const [good] = jobsOf(lineForm, 0)
  const [first, second] = answers([{ ...good, point: { infect: 0.1 } }, good])
  assert.deepEqual(first, { error: { name: 'KeyError', message: "'nodes'" } })
  assert.deepEqual(second, answers([good])[0])
})

/** Runs percolation.py with the arguments of the example, placeholders filled. */
function percolation(values: { side: number; occupied: number; seed: string }) {
  const words = simpleForm.program!.arguments.map((word) => fillPlaceholders(word, values))
  const output = execFileSync(simpleForm.program!.program, words, { cwd: folder, encoding: 'utf8' })
  return JSON.parse(output) as { largest: number; share: number }
}

test('percolation.py: the limits, and the same seed twice', { skip }, () => {
  const seed = jobsOf(simpleForm, 0)[0]!.seed
  assert.deepEqual(percolation({ side: 5, occupied: 0, seed }), { largest: 0, share: 0 })
  assert.deepEqual(percolation({ side: 5, occupied: 1, seed }), { largest: 25, share: 1 })
  const some = percolation({ side: 40, occupied: 0.6, seed })
  assert.deepEqual(percolation({ side: 40, occupied: 0.6, seed }), some)
  assert.equal(some.share, some.largest / 1600)
})

test('percolation.py: on 2 × 2 the mean is that of counting all 16 cases', { skip }, () => {
  // Largest cluster at p = 1/2: 1 case of 0; 4 single sites and 2 diagonals of 1; 4 pairs of 2; 4 of 3; 1 of 4.
  const expected = (6 * 1 + 4 * 2 + 4 * 3 + 1 * 4) / 16
  const seeds = Array.from({ length: 40 }, (_, i) => toHex(sha256(utf8(String(i)))))
  const sizes = seeds.map((seed) => percolation({ side: 2, occupied: 0.5, seed }).largest)
  assertMean(sizes, expected, 'largest cluster')
})
