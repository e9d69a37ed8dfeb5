/** A program that knows nothing of Reprise, started once a job with its parameters and seed as arguments. */
import { type Files, ignoreFile, type Named, packageFile, readmeFile, type Template } from './template.ts'

const MODEL = `#!/bin/sh
# A random walk: sh model.sh STEPS PERCENT SEED prints one JSON value. PERCENT of the steps go on, the others back.
#
# It stands for a program of yours in any language: arguments in, one JSON value out, and all chance from the seed. Its
# generator is the smallest that there is, good enough to show how; take a good one.
steps=$1 percent=$2 state=$3
position=0 step=0
while [ "$step" -lt "$steps" ]; do
  state=$(((state * 1103515245 + 12345) % 2147483648))
  if [ $((state / 65536 % 100)) -lt "$percent" ]; then
    position=$((position + 1))
  else
    position=$((position - 1))
  fi
  step=$((step + 1))
done
if [ "$position" -lt 0 ]; then distance=$((-position)); else distance=$position; fi
echo "{\\"position\\": $position, \\"distance\\": $distance}"
`

const TEST = `/** What must hold of the program, whatever the experiment asks. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))
const walk = (...words) => JSON.parse(execFileSync('sh', ['model.sh', ...words.map(String)], { cwd: folder, encoding: 'utf8' }))

test('should go straight on with 100 percent, and straight back with none', () => {
  assert.deepEqual(walk(10, 100, 1), { position: 10, distance: 10 })
  assert.deepEqual(walk(10, 0, 1), { position: -10, distance: 10 })
})

test('should give the same for a seed, and something else for another', () => {
  assert.deepEqual(walk(50, 50, 7), walk(50, 50, 7))
  assert.notDeepEqual([1, 2, 3, 4].map((seed) => walk(50, 50, seed)), Array(4).fill(walk(50, 50, 1)))
})
`

function experiment({ name }: Named): string {
  return `/**
 * What is asked: every combination of the parameters, so many repetitions at each. The program is started once a job; {steps} and
 * {percent} are put in from the point, {seed31} from the job: a whole number below 2^31. {seed} is the whole seed, 64 hex digits.
 */
import { command } from 'reprise'

export default command({
  name: '${name}',
  parameters: { percent: [50, 55, 60], steps: [50, 100] },
  repetitions: 10,
  program: 'sh',
  arguments: ['model.sh', '{steps}', '{percent}', '{seed31}'],
  files: ['model.sh'],
  result: {
    type: 'object',
    properties: { position: { type: 'integer' }, distance: { type: 'integer', minimum: 0 } },
    required: ['position', 'distance'],
    additionalProperties: false,
  },
})
`
}

export const command: Template = {
  what: 'any program with a command line',
  files(named): Files {
    return {
      'package.json': packageFile(named, { test: 'node --test test/model.test.mjs' }),
      '.gitignore': ignoreFile(),
      'README.md': readmeFile(
        named,
        [
          ['experiment.ts', 'what is asked: parameters, repetitions, and how the program is started'],
          ['model.sh', 'the program: how one job is done'],
          ['test/model.test.mjs', 'what must hold of the program'],
        ],
        ', a POSIX shell',
      ),
      'experiment.ts': experiment(named),
      'model.sh': MODEL,
      'test/model.test.mjs': TEST,
    }
  },
}
