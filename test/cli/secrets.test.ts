/**
 * Canary secrets: planted wherever a user's secrets live, and then looked for in every byte that Reprise writes or says. What
 * the user's own code prints is kept in the run's log.txt, which is the user's own file; nothing else may hold it.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { answerOf, eventually, Project } from './project.ts'

/** A word that is nowhere else, for each place. */
const canary = (place: string) => `canary${place}${Buffer.from(place).toString('hex')}Qz7`
const PLACES = [
  'Variable',
  'Zone',
  'Locale',
  'Option',
  'Slurm',
  'Image',
  'Path',
  'Argument',
  'Remote',
  'Header',
  'Global',
  'Diff',
  'Untracked',
  'Stdout',
  'Stderr',
  'Log',
  'Child',
  'Probe',
] as const
type Place = (typeof PLACES)[number]
const SECRETS = Object.fromEntries(PLACES.map((place) => [place, canary(place)])) as Record<Place, string>

/** In these forms it would still be the secret. */
function formsOf(secret: string): Buffer[] {
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.from(`${'x'.repeat(shift)}${secret}`).toString('base64')
    return text.slice(Math.ceil((shift * 8) / 6), -4) // letters that depend on the secret alone
  })
  const hex = Buffer.from(secret).toString('hex')
  const wide = Buffer.from(secret, 'utf16le')
  return [...[secret, hex, ...base64].map((form) => Buffer.from(form)), wide]
}

const FORMS = PLACES.map((place) => [place, formsOf(SECRETS[place])] as const)

/** The places whose secret is in there. */
const leaked = (bytes: Buffer) =>
  FORMS.filter(([, forms]) => forms.some((form) => bytes.includes(form))).map(([place]) => place)

/** It says nothing of the secrets: it reads them from a file of the user's, as code does that should not. */
const SOURCE = `import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { experiment } from 'reprise'
const secrets = JSON.parse(readFileSync(process.env.HOME + '/secrets.json', 'utf8'))
console.log(secrets.Stdout)
export default experiment({
  name: 'careless', parameters: { a: [1, 2, 3, 4] }, repetitions: 2, chunk: 1,
  probes: { tool: ['sh', '-c', 'cat "$HOME/secrets.json" >&2; echo tool 1.0'] },
  async run({ point, random, log }) {
    console.log(secrets.Stdout)
    process.stderr.write(secrets.Stderr + '\\n')
    log(secrets.Log)
    spawnSync('sh', ['-c', 'echo "$0" >&2', secrets.Child], { stdio: 'inherit' })
    await new Promise((resolve) => setTimeout(resolve, 100))
    if (point.a === 4) throw new Error('it failed')
    return random()
  },
})
`

function git(project: Project, ...words: string[]): void {
  const env = { PATH: process.env.PATH ?? '', HOME: project.path('home'), GIT_CONFIG_NOSYSTEM: '1' }
  const { status, stderr } = spawnSync('git', words, { cwd: project.folder, env, encoding: 'utf8' })
  assert.equal(status, 0, `git ${words.join(' ')}: ${stderr}`)
}

function planted(project: Project): void {
  project.write('home/secrets.json', JSON.stringify(SECRETS))
  project.write('home/.gitconfig', `[user]\n\tname = Ada\n\temail = ada@${SECRETS.Global}.example\n`)
  project.write('.gitignore', 'home\ntmp\n.reprise\n')
  git(project, 'init', '--quiet')
  git(project, 'add', '.')
  git(project, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '--quiet', '-m', 'all')
  git(project, 'remote', 'add', 'origin', `https://ada:${SECRETS.Remote}@example.org/ada/x.git`)
  git(project, 'config', 'http.extraHeader', `Authorization: Bearer ${SECRETS.Header}`)
  project.write('settings.txt', `password = ${SECRETS.Diff}\n`)
  project.write('.env', `TOKEN=${SECRETS.Untracked}\n`)
}

const surroundings = (project: Project) => ({
  env: {
    API_TOKEN: SECRETS.Variable,
    TZ: `/home/${SECRETS.Zone}`,
    LANG: `C.UTF-8;${SECRETS.Locale}`,
    NODE_OPTIONS: `--title=${SECRETS.Option}`,
    SLURM_JOB_ID: '4711',
    SLURM_JOB_USER: SECRETS.Slurm,
    APPTAINER_CONTAINER: `/home/${SECRETS.Image}/sim.sif`,
    PATH: `${process.env.PATH}:/home/${SECRETS.Path}/bin`,
    OMP_NUM_THREADS: '3',
    HOME: project.path('home'),
    XDG_CONFIG_HOME: project.path('home/.config'),
    XDG_CACHE_HOME: project.path('home/.cache'),
  },
  through: ['sh', '-c', '"$@"; exit $?', SECRETS.Argument],
})

/** The file, or every file below. */
function files(folder: string): string[] {
  if (!existsSync(folder)) return []
  if (statSync(folder).isFile()) return [folder]
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
}

test('should find a planted secret in the forms in which it might hide', () => {
  for (const place of PLACES) {
    const secret = SECRETS[place]
    for (const before of ['', 'a', 'ab', 'abc'])
      assert.deepEqual(leaked(Buffer.from(Buffer.from(`${before}${secret}!!`).toString('base64'))), [place])
    assert.deepEqual(leaked(Buffer.from(`…${Buffer.from(secret).toString('hex')}…`)), [place])
    assert.deepEqual(leaked(Buffer.from(`"${secret}"`, 'utf16le')), [place])
  }
  assert.deepEqual(leaked(Buffer.from('nothing of it: canary, canaryZone')), [])
})

test('should let no secret of the user into any record, answer or file', async (t) => {
  if (spawnSync('git', ['--version']).status !== 0) return t.skip('git is not here')
  const project = new Project(t, { 'x.ts': SOURCE, 'settings.txt': 'password =\n' })
  planted(project)
  const said = new Map<string, Buffer>()
  const say = async (code: number, ...words: string[]) => {
    const done = await project.start([...words, '--json'], surroundings(project)).finished
    said.set(words.join(' '), Buffer.from(`${done.stdout}\n${done.stderr}`))
    return answerOf(done, code)
  }
  const running = project.start(['run', 'x.ts'], surroundings(project))
  const id = await project.firstRun()
  const holder = await eventually('the run is held', () => {
    const path = join(project.runs, id, 'holder.json')
    return existsSync(path) && readFileSync(path)
  })
  said.set('holder.json', holder)
  said.set('status while it runs', Buffer.from(JSON.stringify(await say(0, 'status', id))))
  const run = await running.finished
  assert.equal(run.code, 0, run.stderr)
  said.set('run', Buffer.from(run.stdout + run.stderr))
  const manifest = join(project.runs, id, 'manifest.json')
  const shown = await say(0, 'show', id)
  await say(0, 'show', manifest)
  for (const words of [['status', id], ['status'], ['ls'], ['doctor'], ['doctor', id]]) await say(0, ...words)
  await say(0, 'verify', manifest)
  const rerun = await say(0, 'rerun', manifest)
  await say(0, 'diff', id, rerun.run)
  await say(0, 'ledger')
  const forms = ['ro-crate', 'bagit', 'prov', 'latex', 'bibtex', 'cff']
  await say(
    0,
    'export',
    id,
    '--author',
    'Doe, Jane',
    ...forms.flatMap((form) => [`--${form}`, `out-${form}`]),
  )
  await say(5, 'check', 'x.ts') // another home has no secrets.json, so it cannot be loaded there
  await say(1, 'run', 'none.ts')
  for (const words of [['show', id], ['doctor'], ['status', id], ['rerun', id], ['results', id]]) {
    const done = await project.start(words, surroundings(project)).finished
    said.set(`${words.join(' ')}, for people`, Buffer.from(done.stdout + done.stderr))
  }

  // What is known of the surroundings is there, so the secrets were in reach.
  const { environment, variables } = shown.manifest.run.sessions[0]
  assert.deepEqual(
    [environment.slurm, environment.container],
    [{ job: '4711' }, { kind: 'apptainer', image: 'sim.sif' }],
  )
  assert.deepEqual(variables.recorded, { NODE_OPTIONS: '--title', OMP_NUM_THREADS: '3' })
  for (const name of ['API_TOKEN', 'LANG', 'PATH', 'SLURM_JOB_USER', 'TZ'])
    assert.ok(variables.others.includes(name), name)
  const { code, probes } = shown.manifest.run
  assert.equal(code.dirty, true)
  assert.match(JSON.stringify(code.remotes), /example\.org\/ada\/x/)
  assert.equal(probes[0].text, 'tool 1.0\n')
  const log = readFileSync(join(project.runs, id, 'log.txt'))
  for (const place of ['Stdout', 'Stderr', 'Log', 'Child', 'Probe'] as const)
    assert.ok(leaked(log).includes(place), `${place} is in the user's own log`)

  for (const [what, bytes] of said) assert.deepEqual(leaked(bytes), [], what)
  const folders = ['.reprise', 'tmp', 'home/.config', 'home/.cache', ...forms.map((form) => `out-${form}`)]
  const written = folders.flatMap((folder) => files(project.path(folder)))
  const names = written.map((path) => relative(project.folder, path))
  for (const name of ['manifest.json', 'results.sqlite', 'ledger.sqlite', 'out-prov'])
    assert.ok(names.some((path) => path.endsWith(name)))
  const isOwnLog = (path: string) => path.startsWith(project.runs) && path.endsWith('/log.txt')
  for (const path of written.filter((path) => !isOwnLog(path)))
    assert.deepEqual(leaked(readFileSync(path)), [], relative(project.folder, path))
})
