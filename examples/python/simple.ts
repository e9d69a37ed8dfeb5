/**
 * A program that knows nothing of Reprise, as an experiment: its arguments hold placeholders.
 *
 *   npx reprise run examples/python/simple.ts
 *
 * Python is started once a job, with {side} and {occupied} put in from the point and {seed} from the job, and prints
 * its result as one JSON value. That suits any program with a command line; starting it costs 50 ms a job
 * or more, which the line form (experiment.ts) pays once a chunk.
 */
import { command, range } from 'reprise'

export default command({
  name: 'percolation-in-python',
  parameters: { occupied: range(0.5, 0.7, 5), side: [40] },
  repetitions: 10,
  program: 'python3',
  arguments: ['percolation.py', '--side', '{side}', '--occupied', '{occupied}', '--seed', '{seed}'],
  files: ['percolation.py'],
  result: {
    type: 'object',
    properties: { largest: { type: 'integer' }, share: { type: 'number', minimum: 0, maximum: 1 } },
    required: ['largest', 'share'],
    additionalProperties: false,
  },
})
