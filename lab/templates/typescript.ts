/** A model in TypeScript, its test by node:test, and the experiment around it. */
import { type Files, ignoreFile, type Named, packageFile, readmeFile, type Template } from './template.ts'

const MODEL = `/** The model: plain functions of parameters and a source of random numbers, so that a test needs no experiment. */

export interface Walked {
  /** Where the walk ended. */
  readonly position: number
  /** How far that is from where it began. */
  readonly distance: number
}

/** A walk of so many steps of length 1; \`bias\` from -1 (always back) to 1 (always on). */
export function walk(steps: number, bias: number, random: () => number): Walked {
  let position = 0
  for (let i = 0; i < steps; i++) position += random() < (1 + bias) / 2 ? 1 : -1
  return { position, distance: Math.abs(position) }
}
`

const TEST = `/** What must hold of the model, whatever the experiment asks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { walk } from '../model.ts'

/** 0, 1/n, 2/n … instead of chance. */
const evenly = (n: number) => {
  let i = 0
  return () => (i++ % n) / n
}

test('should go straight on with a bias of 1, and straight back with -1', () => {
  assert.deepEqual(walk(10, 1, evenly(10)), { position: 10, distance: 10 })
  assert.deepEqual(walk(10, -1, evenly(10)), { position: -10, distance: 10 })
})

test('should end where it began when steps on and back are as many', () => {
  assert.deepEqual(walk(100, 0, evenly(100)), { position: 0, distance: 0 })
})
`

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2023",
    "module": "nodenext",
    "strict": true,
    "types": ["node"],
    "skipLibCheck": true,
    "noEmit": true,
    "allowImportingTsExtensions": true
  }
}
`

function experiment({ name }: Named): string {
  return `/** What is asked: every combination of the parameters, so many repetitions at each; the model says how one is done. */
import { experiment, range } from 'reprise'
import { walk } from './model.ts'

export default experiment({
  name: '${name}',
  parameters: { bias: range(0, 0.2, 5), steps: [100, 1_000] },
  repetitions: 100,
  run: ({ point, random }) => walk(point.steps, point.bias, random),
})
`
}

/** What bundles the test and checks the types; experiments are bundled by Reprise. */
const TOOLS = ['@types/node', 'esbuild', 'typescript']

export const typescript: Template = {
  what: 'a model in TypeScript',
  files(named): Files {
    const test =
      'esbuild test/model.test.ts --bundle --platform=node --format=esm --log-level=warning --outfile=build/model.test.mjs && node --test build/model.test.mjs'
    const tools = Object.fromEntries(TOOLS.map((tool) => [tool, named.versionOf(tool)]))
    return {
      'package.json': packageFile(named, { test, types: 'tsc -p .' }, tools),
      'tsconfig.json': TSCONFIG,
      '.gitignore': ignoreFile('build/'),
      'README.md': readmeFile(named, [
        ['experiment.ts', 'what is asked: parameters, repetitions'],
        ['model.ts', 'how one job is done'],
        ['test/model.test.ts', 'what must hold of the model'],
      ]),
      'experiment.ts': experiment(named),
      'model.ts': MODEL,
      'test/model.test.ts': TEST,
    }
  },
}
