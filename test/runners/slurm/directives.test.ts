/** What may be asked of sbatch besides, and what may not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RepriseError } from '../../../lib/errors.ts'
import { clusterAsked, saysExtra, wishLines } from '../../../runners/slurm/directives.ts'

const lines = (...extra: string[]) => wishLines({ extra }).slice(1)

test('should quote what sbatch would take apart', () => {
  assert.deepEqual(lines('--comment=a "b" \\ #c', '--exclude=n[1-3]', '--gres=gpu:a100:1'), [
    '#SBATCH --comment="a \\"b\\" \\\\ #c"',
    '#SBATCH --exclude="n[1-3]"',
    '#SBATCH --gres=gpu:a100:1',
  ])
})

test('should refuse what would make tasks something else, however it is shortened', () => {
  for (const word of ['--array=0-9', '--arr=1', '--job-name=x', '--job=x', '--output=x', '--out=x', '--export=ALL', '--exp=ALL', '--wrap=x', '--parsable', '--test-only', '--wait', '--nodes=2', '--ntasks=2', '--chdir=/', '--open-mode=truncate', '--help', '--error=x', '--input=x'])
    assert.throws(() => lines(word), (error: RepriseError) => error.code === 'usage' && /Leave --/.test(error.remedy), word) // biome-ignore format: one
  for (const [word, wish] of [['--partition=x', 'partition'], ['--part=x', 'partition'], ['--time=1', 'time'], ['--mem=1', 'memory'], ['--account=x', 'account'], ['--cpus-per-task=2', 'cpus']] as const)
    assert.throws(() => lines(word), (error: RepriseError) => error.remedy === `Say it as \`${wish}\` of the profile`, word) // biome-ignore format: one
})

test('should refuse what is no option of one word', () => {
  for (const word of [
    '-p',
    'debug',
    '-p debug',
    '',
    '--',
    '--=x',
    '--a b',
    '--Comment=x',
    'x\n#SBATCH --uid=0',
    '--comment=a\nb',
    '--comment=',
  ])
    assert.throws(() => lines(word), { code: 'usage' }, JSON.stringify(word))
})

test('should let through what only looks alike', () => {
  assert.equal(
    lines(
      '--mem-per-cpu=1G',
      '--nodelist=n1',
      '--export-file=x',
      '--wait-all-nodes=1',
      '--time-min=5',
      '--ntasks-per-core=1',
    ).length,
    6,
  )
})

test('should see which cluster is asked for, and what is said besides', () => {
  assert.equal(clusterAsked({}), null)
  assert.equal(clusterAsked({ extra: ['--exclusive', '--clusters=far.one'] }), 'far.one')
  for (const word of ['--clusters=a,b', '--clusters=all x', '--clusters', '--clus='])
    assert.throws(() => clusterAsked({ extra: [word] }), { code: 'usage' }, word)
  assert.ok(saysExtra({ extra: ['--no-requeue'] }, 'requeue', 'no-requeue'))
  assert.ok(!saysExtra({ extra: ['--comment=--requeue'] }, 'requeue', 'no-requeue'))
})
