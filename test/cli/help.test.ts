/** What the command line says of itself, and wrong words on it: one line that says what to do, exit code 2. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { answerOf, Project } from './project.ts'

const COMMANDS = [
  'check',
  'plan',
  'run',
  'rerun',
  'verify',
  'status',
  'watch',
  'resume',
  'cancel',
  'ls',
  'show',
  'results',
  'diff',
  'export',
  'doctor',
  'register',
  'ledger',
  'key',
  'cluster',
  'init',
  'deposit',
  'completion',
]

const BELOW = [
  ...['key show', 'key import', 'key rotate'],
  ...['cluster add', 'cluster ls', 'cluster check', 'cluster accept', 'cluster clean'],
]

test('should list every command in its help', async (t) => {
  const { code, stdout, stderr } = await new Project(t).reprise('--help')
  assert.equal(code, 0)
  assert.equal(stderr, '')
  for (const command of COMMANDS) assert.match(stdout, new RegExp(`^ {2}${command} `, 'm'), command)
})

test('should show examples and --json in the help of every command', async (t) => {
  const project = new Project(t)
  const commands = [...COMMANDS.filter((command) => !['key', 'cluster'].includes(command)), ...BELOW]
  const helps = await Promise.all(commands.map((command) => project.reprise(...command.split(' '), '--help')))
  for (const [i, { code, stdout }] of helps.entries()) {
    const command = commands[i]!
    assert.equal(code, 0, command)
    const [, examples] = stdout.split('\nExamples:\n')
    assert.match(examples ?? '', new RegExp(`^ {2}reprise ${command}\\b`, 'm'), `${command} has an example`)
    assert.match(stdout, /--json/, command)
  }
})

test('should tell the version of its package', async (t) => {
  const { code, stdout } = await new Project(t).reprise('--version')
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  assert.equal(code, 0)
  assert.equal(stdout, `${version}\n`)
})

test('should show its help and end with 2 when called without a word', async (t) => {
  const { code, stdout, stderr } = await new Project(t).reprise()
  assert.equal(code, 2)
  assert.match(`${stdout}${stderr}`, /Usage: reprise/)
})

const WRONG: readonly (readonly [what: string, words: readonly string[], says: RegExp])[] = [
  ['an unknown command', ['rnu'], /rnu/],
  ['a command close to a known one', ['rum', 'x.ts'], /[Dd]id you mean run/],
  ['help on an unknown command', ['help', 'rnu'], /rnu/],
  ['an unknown option', ['run', 'x.ts', '--nope'], /--nope/],
  ['an option close to a known one', ['run', 'x.ts', '--engine', '2'], /[Dd]id you mean --engines/],
  ['a missing argument', ['run'], /file/],
  ['a missing second argument', ['diff', 'a'], /'b'/],
  ['too many arguments', ['ls', 'x'], /ls/],
  ['an option without its value', ['run', 'x.ts', '--engines'], /--engines/],
  ['no engines', ['run', 'x.ts', '--engines', '0'], /--engines/],
  ['half an engine', ['run', 'x.ts', '--engines', '1.5'], /"1\.5"/],
  ['engines in words', ['run', 'x.ts', '-e', 'two'], /"two"/],
  ['a negative time-out', ['run', 'x.ts', '--timeout', '-1'], /--timeout/],
  ['a time-out that is no number', ['run', 'x.ts', '--timeout', 'NaN'], /"NaN"/],
  ['an empty time-out', ['run', 'x.ts', '--timeout', ''], /--timeout/],
  ['a sample of nothing', ['rerun', 'x', '--sample', '0'], /--sample/],
  ['a sample in hexadecimal', ['rerun', 'x', '--sample', '0x10'], /"0x10"/],
  ['a beacon without a sample', ['rerun', 'x', '--beacon', '7'], /--beacon: .*--sample/],
  ['strata without a sample', ['rerun', 'x', '--stratify', 'point'], /--stratify: .*--sample/],
  ['strata of another kind', ['rerun', 'x', '--sample', '3', '--stratify', 'host'], /point, engine/],
  ['an empty beacon', ['rerun', 'x', '--sample', '3', '--beacon', ''], /--beacon: is empty/],
  ['a beacon of blanks', ['rerun', 'x', '--sample', '3', '--beacon', ' \t'], /--beacon: is empty/],
  ['a beacon with a blank after it', ['rerun', 'x', '--sample', '3', '--beacon', '7 '], /a blank/],
  ['a beacon that moves the cursor', ['rerun', 'x', '--sample', '3', '--beacon', '7\x1b[1A8'], /not seen/],
  ['a plan of no chunk', ['plan', 'x.ts', '--pilot', '0'], /--pilot/],
  ['a task of no time', ['plan', 'x.ts', '--task-time', '0'], /--task-time/],
  ['a pilot without end', ['plan', 'x.ts', '--pilot-time', 'Infinity'], /--pilot-time/],
  ['a check of no chunk', ['check', 'x.ts', '--chunks', '0'], /--chunks/],
  ['a format that is not there', ['results', 'x', '--format', 'xlsx'], /jsonl, csv, parquet/],
]

for (const [what, words, says] of WRONG) {
  test(`should refuse ${what} in one line`, async (t) => {
    const project = new Project(t)
    const { code, stdout, stderr } = await project.reprise(...words)
    assert.equal(code, 2, stderr)
    assert.equal(stdout, '')
    assert.match(stderr, /^reprise: [^\n]+\n$/)
    assert.match(stderr, says)
    const answer = answerOf(await project.reprise(...words, '--json'), 2)
    assert.equal(answer.error.code, 'usage')
  })
}

const ABSENT: readonly (readonly string[])[] = [
  ['rerun', 'nope'],
  ['verify', 'nope'],
  ['status', 'nope'],
  ['watch', 'nope'],
  ['watch'],
  ['resume', 'nope'],
  ['cancel', 'nope'],
  ['show', 'nope'],
  ['show', ''],
  ['results', 'nope'],
  ['results', '@last'],
  ['diff', 'nope', 'nope'],
  ['export', 'nope', '--prov', 'prov.json'],
  ['doctor', 'nope'],
  ['results', '../../etc'],
  ['resume', '.'],
]

test('should say of a run that is not there how to find those that are, and end with 1', async (t) => {
  const project = new Project(t)
  for (const words of ABSENT) {
    const { code, stdout, stderr } = await project.reprise(...words)
    assert.equal(code, 1, `${words.join(' ')}: ${stderr}`)
    assert.equal(stdout, '')
    assert.match(stderr, /^reprise: [^\n]*reprise ls[^\n]*\n$/, words.join(' '))
    const answer = answerOf(await project.reprise(...words, '--json'), 1)
    assert.equal(answer.error.code, 'not-found')
  }
})

test('should list an empty lab without making one', async (t) => {
  const project = new Project(t)
  assert.deepEqual((await project.json(0, 'ls')).runs, [])
  assert.deepEqual((await project.json(0, 'status')).runs, [])
  assert.match((await project.reprise('ls')).stdout, /reprise run FILE/)
  assert.deepEqual(project.runNames(), [])
})
