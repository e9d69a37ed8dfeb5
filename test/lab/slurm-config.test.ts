/** Slurm clusters as people write them, and as somebody would who wants sbatch to do something else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkConfig } from '../../lab/check-config.ts'
import { RepriseError } from '../../lib/errors.ts'
import type { SlurmProfile } from '../../runners/slurm/profile.ts'

const of = (more: object) => ({ clusters: { a: { kind: 'slurm', ...more } } })

function lineOf(content: object, owner: 'user' | 'project' = 'user'): string {
  try {
    checkConfig(content, 'c.json', owner)
  } catch (error) {
    assert.ok(error instanceof RepriseError, String(error))
    return `${error.code}: ${error.line}`
  }
  return 'taken'
}

test('should take a Slurm cluster with all that can be said of it', () => {
  const whole: SlurmProfile = {
    kind: 'slurm',
    via: 'ssh:lab',
    directory: '/scratch/a b/$x',
    node: '/opt/node/bin/node',
    partition: 'short,long',
    account: 'physics_7',
    qos: 'normal',
    constraint: '[rack1*2&rack2*4]|fast',
    time: '1-12:30:00',
    memory: '4G',
    cpus: 8,
    engines: 4,
    extra: ['--gres=gpu:1', '--exclusive', '--comment=in two words', '--mem-per-gpu=1G'],
    maxTasks: 500,
    taskTime: 90.5,
    env: { OMP_NUM_THREADS: '1' },
  }
  assert.deepEqual(checkConfig({ clusters: { a: whole } }, 'c.json', 'user').get('a'), whole)
  assert.equal(lineOf(of({})), 'taken')
  for (const time of ['30', '30:00', '1:30:00', '2-12', '2-12:30', '2-12:30:15', '0'])
    assert.equal(lineOf(of({ time })), 'taken', time)
})

test('should say of a wrong Slurm cluster where it is wrong, and what is allowed', () => {
  const cases: [more: object, expected: RegExp][] = [
    [{ partitions: 'x' }, /clusters\.a: has no field "partitions"; it may have kind, via, directory, node/],
    [{ node: './deploy.sh' }, /clusters\.a\.node: must be an absolute path, the same on all nodes/],
    [{ via: 'lab' }, /clusters\.a\.via: must be "local", or "ssh:NAME"/],
    [{ via: 'slurm:lab' }, /clusters\.a\.via: must be "local"/],
    [{ via: 'ssh:-oProxyCommand=id' }, /clusters\.a\.via: must be "local"/],
    [{ time: '1h' }, /clusters\.a\.time: must be a time as sbatch has it/],
    [{ time: '30\n#SBATCH --wrap=id' }, /clusters\.a\.time: must be a time/],
    [{ memory: '4 GB' }, /clusters\.a\.memory: must be an amount of memory/],
    [{ cpus: 0 }, /clusters\.a\.cpus: must be a whole number from 1 to 1024/],
    [{ engines: 1025 }, /clusters\.a\.engines: must be a whole number from 1 to 1024/],
    [{ maxTasks: 1.5 }, /clusters\.a\.maxTasks: must be a whole number/],
    [{ taskTime: 0.5 }, /clusters\.a\.taskTime: must be a number of seconds from 1 to 86400/],
    [
      { time: '10', taskTime: 601 },
      /clusters\.a\.taskTime: is longer than a task may take: "time" is 10, 600 s/,
    ],
    [{ time: '1-1', taskTime: 86_400 }, /^taken$/],
    [{ time: '0:30', taskTime: 31 }, /is longer than a task may take/],
    [{ extra: '--exclusive' }, /clusters\.a\.extra: must be a list/],
    [{ extra: ['-A', 'x'] }, /clusters\.a\.extra\[0\]: must be of the form --option or --option=value/],
    [{ extra: ['--gres gpu:1'] }, /clusters\.a\.extra\[0\]: must be of the form/],
    [{ extra: ['--comment=a\n#SBATCH --wrap=id'] }, /clusters\.a\.extra\[0\]: must be of the form/],
    [{ env: { 'A=B': '1' } }, /clusters\.a\.env: has the name "A=B"/],
    [{ hosts: [{ host: 'n' }] }, /has no field "hosts"/],
  ]
  for (const [more, expected] of cases) assert.match(lineOf(of(more)), expected, JSON.stringify(more))
})

test('should take no word that sbatch, its script or a shell would read as anything but a word', () => {
  const hostile = [
    '-p',
    '--wrap=id',
    'a b',
    'a\nb',
    'a\tb',
    '',
    '"a"',
    "a'",
    'a\\',
    'a#b',
    '$(id)',
    '`id`',
    'a\u0000',
    'a\u0007',
  ]
  for (const field of ['partition', 'account', 'qos', 'constraint'])
    for (const word of hostile)
      assert.match(
        lineOf(of({ [field]: word })),
        /: must be an? .* word without blanks/,
        `${field} ${JSON.stringify(word)}`,
      )
})

test('should refuse options that would break what Reprise does with sbatch, in full or shortened', () => {
  const refused = [
    'array=0-1',
    'output=/dev/null',
    'error=x',
    'input=x',
    'export=ALL',
    'export-file=x',
    'job-name=x',
  ]
  const more = [
    'wrap=id',
    'parsable',
    'chdir=/',
    'open-mode=truncate',
    'wait',
    'partition=x',
    'mem=1',
    'time=1',
  ]
  const odd = ['nodes=2', 'ntasks=2', 'test-only', 'help', 'arr=0-1', 'outp=x', 'exp=ALL', 'chd=/']
  for (const word of [...refused, ...more, ...odd])
    assert.match(
      lineOf(of({ extra: ['--exclusive', `--${word}`] })),
      /^usage: c\.json: clusters\.a\.extra\[1\] --/,
      word,
    )
  assert.match(lineOf(of({ extra: ['--arr=1'] })), /may stand for --array, which is set by Reprise itself/)
  assert.match(lineOf(of({ extra: ['--account=x'] })), /has a field of its own: say "account"/)
  for (const word of ['gres=gpu:1', 'exclude=n1', 'nice=10', 'signal=B:USR1@60', 'no-requeue', 'clusters=a'])
    assert.equal(lineOf(of({ extra: [`--${word}`] })), 'taken', word)
})

test('should believe a project less: no folder, no program, no further options, no variables of Slurm', () => {
  const refused = [
    { directory: '/shared' },
    { node: '/project/deploy.sh' },
    { extra: ['--exclusive'] },
    { env: { LD_PRELOAD: 'x' } },
    { env: { SLURM_CONF: 'x' } },
    { env: { SBATCH_PARTITION: 'x' } },
  ]
  for (const more of refused) {
    assert.equal(lineOf(of(more)), 'taken')
    assert.match(lineOf(of(more), 'project'), /^refused: c\.json: clusters\.a\.\w.*a project may not /)
  }
  assert.equal(lineOf(of({ via: 'ssh:lab', partition: 'main', time: '10' }), 'project'), 'taken')
})
