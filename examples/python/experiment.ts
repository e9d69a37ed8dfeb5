/**
 * An experiment whose jobs are done by a Python script, a job per line.
 *
 *   npx reprise run examples/python/experiment.ts
 *
 * Python is started once a chunk, not once a job, and nothing has to be installed: sir.py uses the standard library
 * only. The script travels in the capsule, under `files`; Python itself does not, so the record says which one it was.
 * 4 × 3 points, 20 repetitions each, a few seconds.
 */
import { command, range } from 'reprise'

export default command({
  name: 'epidemic-in-python',
  parameters: { infect: range(0.1, 0.4, 4), remove: [0.4, 0.6, 0.8], nodes: [500], degree: [8] },
  repetitions: 20,
  chunk: 10,
  program: 'python3',
  arguments: ['sir.py'],
  files: ['sir.py'],
  result: {
    type: 'object',
    properties: { removed: { type: 'integer' }, duration: { type: 'integer' } },
    required: ['removed', 'duration'],
    additionalProperties: false,
  },
})
