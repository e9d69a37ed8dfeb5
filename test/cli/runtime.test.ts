/** `--runtime`: a path, the running version, and what is refused. Fetched versions: test/portability/nodes.test.ts. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { mean, Project } from './project.ts'

const ONE = mean({ points: 1, repetitions: 2, chunk: 1 })

test('should execute on the Node that is named, by path or by the running version', async (t) => {
  const project = new Project(t, { 'sweep.ts': ONE })
  const first = await project.json(0, 'run', 'sweep.ts', '--runtime', process.execPath)
  const second = await project.json(0, 'run', 'sweep.ts', '--runtime', process.version)
  assert.equal(first.root, second.root)
  const { verdict } = await project.json(0, 'rerun', first.run, '--runtime', 'recorded')
  assert.equal(verdict, 'identical')
})

test('should refuse what is no Node, and `recorded` where nothing was recorded', async (t) => {
  const project = new Project(t, { 'sweep.ts': ONE, text: 'words' })
  const words = [
    'text',
    'nowhere',
    '--eval',
    '22.0.0; rm -rf x',
    'file:../x',
    'git+ssh://host/x',
    '22'.repeat(1000),
  ]
  for (const word of words) {
    const { error } = await project.json(1, 'run', 'sweep.ts', `--runtime=${word}`)
    assert.ok(['not-found', 'engine'].includes(error.code), word)
  }
  const { error } = await project.json(2, 'run', 'sweep.ts', '--runtime', 'recorded')
  assert.equal(error.code, 'usage')
  assert.deepEqual(project.runNames(), [])
})

test('should keep nothing, and say what to do, where the registry is not reached', async (t) => {
  const project = new Project(t, { 'sweep.ts': ONE })
  const env = { npm_config_registry: 'http://127.0.0.1:9', XDG_CACHE_HOME: project.path('cache') }
  const { code, stderr } = await project.start(['run', 'sweep.ts', '--runtime', '22.22.0'], { env }).finished
  assert.equal(code, 1)
  assert.match(stderr, /registry cannot be reached.*leave --runtime out to go on with today's/)
  const kept = project.path('cache', 'reprise', 'runtimes')
  assert.deepEqual(existsSync(kept) ? readdirSync(kept) : [], [])
})

test('should take nothing but a version from a record', async (t) => {
  const project = new Project(t, { 'sweep.ts': ONE })
  const made = await project.json(0, 'run', 'sweep.ts')
  const text = readFileSync(made.manifest, 'utf8').replaceAll(
    `"node": "${process.version}"`,
    '"node": "/bin/true"',
  )
  const forged = project.write('forged.json', text)
  assert.equal(
    (await project.json(4, 'rerun', forged, '--runtime', 'recorded', '--yes')).error.code,
    'not-intact',
  )
})
