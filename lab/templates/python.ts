/** A model in Python's standard library, its test by unittest, and the script that does jobs line by line. */
import { type Files, ignoreFile, type Named, packageFile, readmeFile, type Template } from './template.ts'

const MODEL = `"""The model: plain functions of parameters and a source of random numbers, so that a test needs no experiment."""


def walk(steps, bias, draw):
    """A walk of so many steps of length 1; bias from -1 (always back) to 1 (always on)."""
    position = 0
    for _ in range(steps):
        position += 1 if draw() < (1 + bias) / 2 else -1
    return {"position": position, "distance": abs(position)}
`

const JOBS = `"""Does jobs: one JSON line in, one JSON line out. All chance comes from the job's seed, and nothing else may."""

import json
import random
import sys

from model import walk

for line in sys.stdin:
    job = json.loads(line)
    point = job["point"]
    draw = random.Random(int(job["seed"], 16)).random
    try:
        answer = {"result": walk(point["steps"], point["bias"], draw)}
    except Exception as error:  # one bad job is a failed job, not the end of its chunk
        answer = {"error": {"name": type(error).__name__, "message": str(error)}}
    print(json.dumps(answer), flush=True)
`

const TEST = `"""What must hold of the model, whatever the experiment asks."""

import itertools
import unittest

from model import walk


def evenly(n):
    """0, 1/n, 2/n ... instead of chance."""
    numbers = itertools.cycle(range(n))
    return lambda: next(numbers) / n


class WalkTest(unittest.TestCase):
    def test_should_go_straight_on_with_a_bias_of_1(self):
        self.assertEqual(walk(10, 1, evenly(10)), {"position": 10, "distance": 10})

    def test_should_end_where_it_began_when_steps_on_and_back_are_as_many(self):
        self.assertEqual(walk(100, 0, evenly(100)), {"position": 0, "distance": 0})


if __name__ == "__main__":
    unittest.main()
`

function experiment({ name }: Named): string {
  return `/**
 * What is asked: every combination of the parameters, so many repetitions at each. Python is started once a chunk and gets a job
 * a line; both scripts travel with the record, Python itself does not, so its version is recorded.
 */
import { command, range } from 'reprise'

export default command({
  name: '${name}',
  parameters: { bias: range(0, 0.2, 5), steps: [100, 1_000] },
  repetitions: 40,
  chunk: 20,
  program: 'python3',
  arguments: ['jobs.py'],
  files: ['jobs.py', 'model.py'],
  probes: { python: ['python3', '--version'] },
  result: {
    type: 'object',
    properties: { position: { type: 'integer' }, distance: { type: 'integer', minimum: 0 } },
    required: ['position', 'distance'],
    additionalProperties: false,
  },
})
`
}

export const python: Template = {
  what: 'a model in Python, without packages',
  files(named): Files {
    return {
      'package.json': packageFile(named, { test: 'python3 -m unittest -q' }),
      '.gitignore': ignoreFile('__pycache__/'),
      'README.md': readmeFile(
        named,
        [
          ['experiment.ts', 'what is asked: parameters, repetitions'],
          ['jobs.py', 'takes jobs, answers results'],
          ['model.py', 'how one job is done'],
          ['test_model.py', 'what must hold of the model'],
        ],
        ', Python 3',
      ),
      'experiment.ts': experiment(named),
      'jobs.py': JOBS,
      'model.py': MODEL,
      'test_model.py': TEST,
    }
  },
}
