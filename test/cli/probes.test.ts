/** Probes from the command line: recorded with the run, compared before a rerun, and never a reason to stop. */
import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { test } from 'node:test'
import { answerOf, Project } from './project.ts'

const SOURCE = `import { experiment } from 'reprise'
export default experiment({
  name: 'probed', parameters: { a: [1, 2] }, repetitions: 4, chunk: 2, guard: 'deny',
  probes: { tool: ['tool', '--version'], none: ['no-such-program'] },
  run: ({ random }) => random(),
})
`

/** A folder of programs with one that says this version. */
function install(project: Project, folder: string, script: string): Record<string, string> {
  chmodSync(project.write(`${folder}/tool`, `#!/bin/sh\n${script}\n`), 0o755)
  return { PATH: `${project.path(folder)}:${process.env.PATH}` }
}

test('should record probes, and say before a rerun where they are others', async (t) => {
  const project = new Project(t, { 'x.ts': SOURCE })
  const old = install(project, 'old', 'echo tool 1.0')
  const run = await project.start(['run', 'x.ts', '--json'], { env: old }).finished
  assert.match(run.stderr, /probe none failed: cannot be started: ENOENT/)
  const made = answerOf(run, 0)
  assert.equal(made.failedJobs, 0)
  const { manifest } = await project.json(0, 'show', made.run)
  const [none, tool] = manifest.run.probes
  assert.deepEqual(none, {
    name: 'none',
    argv: ['no-such-program'],
    exit: null,
    failure: 'cannot be started: ENOENT',
    sha256: null,
    text: null,
    sessions: [1],
    environments: [0],
  })
  assert.deepEqual([tool.exit, tool.text, tool.argv], [0, 'tool 1.0\n', ['tool', '--version']])
  assert.deepEqual(manifest.run.touched, [])
  const shown = await project.reprise('show', made.manifest)
  assert.match(shown.stdout, /^probe +tool: tool 1\.0$/m)
  assert.match(shown.stdout, /^variables +\d+ others? by name alone$/m)
  assert.match(shown.stdout, /^executable +Node with SHA-256 [0-9a-f]{64}$/m)
  assert.equal((await project.json(0, 'verify', made.manifest)).valid, true)

  const same = await project.start(['rerun', made.run, '--json'], { env: old }).finished
  assert.match(same.stderr, /all 2 probes give what was recorded/)
  const fresh = install(project, 'new', 'echo tool 2.0')
  const rerun = await project.start(['rerun', made.run, '--json'], { env: fresh }).finished
  assert.match(rerun.stderr, /probe tool: recorded tool 1\.0; here tool 2\.0/)
  const verdict = answerOf(rerun, 0)
  assert.equal(verdict.verdict, 'identical')
  const again = await project.json(0, 'show', verdict.run)
  assert.equal(again.manifest.run.probes[1].text, 'tool 2.0\n')
})

test('should name a probe that differs as a likely cause of other bits', async (t) => {
  const project = new Project(t, {
    'x.ts': `import { command } from 'reprise'
export default command({ name: 'c', program: 'tool', arguments: ['{a}'], parameters: { a: [1] }, probes: { tool: ['tool', 'v'] } })
`,
  })
  const run = await project.start(['run', 'x.ts', '--json'], { env: install(project, 'old', 'echo 1') })
    .finished
  const made = answerOf(run, 0)
  const env = install(project, 'new', 'echo 2')
  const rerun = await project.start(['rerun', made.run, '--json'], { env }).finished
  const { verdict, likely } = answerOf(rerun, 3)
  assert.deepEqual([verdict, likely], ['divergent', ['probe tool: recorded 1; here 2']])
})

test('should tell in a sample’s record, too, and forgive terminals what a probe prints', async (t) => {
  const project = new Project(t, { 'x.ts': SOURCE })
  const env = install(project, 'bin', 'printf "\\033]0;title\\007 tool\\r9\\n"')
  const made = answerOf(await project.start(['run', 'x.ts', '--json'], { env }).finished, 0)
  const rerun = answerOf(
    await project.start(['rerun', made.run, '--sample', '1', '--json'], { env }).finished,
    0,
  )
  for (const record of [made.run, made.manifest, rerun.run]) {
    const { stdout } = await project.reprise('show', record)
    assert.match(stdout, /^probe +tool: .* tool/m)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
    assert.doesNotMatch(stdout, /[\x07\x1b\r]/)
  }
})

test('should refuse a probe that is no command, by name', async (t) => {
  const project = new Project(t, { 'x.ts': SOURCE.replace("['no-such-program']", "'no such program'") })
  const { error } = await project.json(2, 'run', 'x.ts')
  assert.deepEqual([error.code, error.subject], ['invalid-experiment', 'x.ts: probes.none'])
  assert.deepEqual(project.runNames(), [])
})
