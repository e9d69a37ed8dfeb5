/**
 * The independent verifier, `verify.py`, run by the Python that is here; and a sealed run for it to be asked about, with
 * failed jobs, odd values and a registration.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Manifest } from '../../provenance/manifest.ts'
import { Project } from '../cli/project.ts'
import { GOLDEN } from './vectors.ts'

const SIGNATURES = ['cryptography', 'nacl'].map((name) => `import ${name}`)

/** The Python that has a library for Ed25519: Debian's own may not be the first in the path. */
export const python: string | undefined = ['python3', '/usr/bin/python3'].find((name) =>
  SIGNATURES.some((words) => spawnSync(name, ['-c', words]).status === 0),
)
const REASON = 'no python3 has cryptography or nacl'
if (python === undefined) console.error(`NOT CHECKED by the independent verifier: ${REASON}`)

/** For `test(…, UNLESS_THERE, …)`. */
export const UNLESS_THERE: { skip: string | false } = { skip: python === undefined ? REASON : false }
export const SCRIPT: string = fileURLToPath(new URL('verify.py', GOLDEN))

export interface Examined {
  readonly valid: boolean
  readonly problems: readonly { readonly where: string; readonly what: string }[]
  readonly checked: readonly string[]
  readonly unchecked: readonly string[]
}

/** What `verify.py` answers to these words; its exit code must fit. */
export function examine(...words: readonly string[]): Examined {
  const { status, stdout, stderr } = spawnSync(python!, [SCRIPT, ...words], { encoding: 'utf8' })
  assert.equal(stderr, '', words.join(' '))
  const answer = JSON.parse(stdout) as Examined
  assert.equal(status, answer.valid ? 0 : 4)
  assert.equal(answer.valid, answer.problems.length === 0)
  return answer
}

const EACH = `
import json, sys
sys.path.insert(0, sys.argv[1])
import verify
for line in sys.stdin:
    print(json.dumps(verify.answer_to(json.loads(line))), flush=True)
`

/** Many questions to one process of it, since Python takes long to begin. */
export function examineEach(questions: readonly (readonly string[])[]): Examined[] {
  const input = questions.map((words) => `${JSON.stringify(words)}\n`).join('')
  const words = ['-B', '-c', EACH, dirname(SCRIPT)]
  const options = { input, encoding: 'utf8', maxBuffer: 2 ** 26 } as const
  const { stdout, stderr } = spawnSync(python!, words, options)
  assert.equal(stderr, '')
  const answers = stdout.trimEnd().split('\n')
  assert.equal(answers.length, questions.length)
  return answers.map((line) => JSON.parse(line) as Examined)
}

/** The places that `verify.py` names as wrong. */
export const placesIn = ({ problems }: Examined): string[] => problems.map(({ where }) => where)

/** Asserts that it found nothing wrong, and gives what it said. */
export function intact(...words: readonly string[]): Examined {
  const answer = examine(...words)
  assert.deepEqual(answer.problems, [], words.join(' '))
  return answer
}

const ODD = `import { experiment } from 'reprise'
export default experiment({
  name: 'größe',
  parameters: { a: [0, 1e21, 2.5e-7], b: ['x', 'é"\\n'] },
  repetitions: 5,
  chunk: 2,
  run({ point, random, repetition }) {
    if (repetition === 3 && point.a === 0) throw new RangeError('not at ' + point.b)
    const drawn = [random(), random(), random() * 1e-9, random() * 1e25]
    return { drawn, odd: [NaN, -0, 10n ** 30n, new Float64Array([NaN, drawn[0]])], '😀': null, ﬀ: 1 }
  },
})
`

export interface Sealed {
  readonly project: Project
  readonly run: string
  readonly manifestPath: string
  readonly resultsPath: string
  readonly ledgerPath: string
  readonly manifest: Manifest
}

/** A run of 30 jobs in 18 chunks, two of them failed; registered before, with its ledger written out. */
export async function sealed(t: TestContext, source = ODD): Promise<Sealed> {
  const project = new Project(t, { 'x.ts': source })
  await project.json(0, 'register', 'x.ts')
  const { run, manifest: manifestPath } = await project.json(0, 'run', 'x.ts')
  await project.json(0, 'ledger', '--output', 'ledger.txt')
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest
  const resultsPath = join(project.runs, run, 'results.sqlite')
  return { project, run, manifestPath, resultsPath, ledgerPath: project.path('ledger.txt'), manifest }
}
