/** The job script: what is in it, and that nothing of a path or a wish gets out of its place. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { RepriseError } from '../../../lib/errors.ts'
import type { SlurmWishes } from '../../../runners/slurm/profile.ts'
import { jobScript } from '../../../runners/slurm/script.ts'

const PATHS = {
  storeFolder: '/s/array',
  logs: '/s/array/logs/2',
  program: '/p/far.mjs',
  node: '/usr/bin/node',
}
const ORDER = { name: 'reprise-x-2', array: 2, count: 40 }
const script = (wishes: SlurmWishes = {}) => jobScript(ORDER, wishes, PATHS)
const has = (text: string, line: string) => text.split('\n').includes(line)

test('should be readable, and say all that was wished', () => {
  const wishes = { partition: 'long,short', account: 'a', qos: 'q', constraint: 'x&y', time: '1-0', memory: '4G', cpus: 3, extra: ['--gres=gpu:1', '--exclusive'] } // biome-ignore format: wishes
  assert.equal(
    script(wishes),
    `#!/bin/sh
# Array 2 of a run of Reprise: 40 tasks, each of which executes some chunks of the experiment.
# It may be submitted by hand, from anywhere:   sbatch job.sh
# Whoever submits it, and however often: a chunk that is in the store is not executed again.
#SBATCH --job-name=reprise-x-2
#SBATCH --array=0-39
#SBATCH --partition=long,short
#SBATCH --account=a
#SBATCH --qos=q
#SBATCH --constraint="x&y"
#SBATCH --time=1-0
#SBATCH --mem=4G
#SBATCH --cpus-per-task=3
#SBATCH --gres=gpu:1
#SBATCH --exclusive
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --chdir=/s/array
#SBATCH --output=/s/array/logs/2/%a.txt
#SBATCH --open-mode=append
#SBATCH --export=NONE
#SBATCH --requeue
#SBATCH --signal=B:USR1@30

exec '/usr/bin/node' \\
  '/p/far.mjs' task \\
  '/s/array' 2 "$SLURM_ARRAY_TASK_ID" \\
  "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}" "$SLURMD_NODENAME" "\${SLURM_RESTART_COUNT:-0}"
`,
  )
})

test('should warn of the end of a task only where there is time for it, and leave what was said otherwise', () => {
  const signal = '#SBATCH --signal=B:USR1@30'
  for (const time of ['3', '1:00:00', 'UNLIMITED']) assert.ok(has(script({ time }), signal), time)
  for (const time of ['1', '2:59', '2']) assert.ok(!has(script({ time }), signal), time)
  const own = script({ extra: ['--signal=B:TERM@90', '--no-requeue'] })
  assert.ok(!has(own, signal) && has(own, '#SBATCH --signal=B:TERM@90'))
  assert.ok(!has(own, '#SBATCH --requeue') && has(own, '#SBATCH --no-requeue'))
})

test('should hand words to the program as they are, whatever they hold', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-script-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const node = join(folder, 'no de\'s $HOME `x` "q"')
  writeFileSync(node, '#!/bin/sh\nprintf "%s|" "$@" "$SAID"\n')
  chmodSync(node, 0o755)
  const paths = { storeFolder: '/a b\'c"$(d)`e`;f&', logs: '/l', program: '-p\'"'.replace('-', '/'), node }
  const text = jobScript(ORDER, {}, paths, { SAID: "it's\n$HOME" })
  writeFileSync(join(folder, 'job.sh'), text)
  const env = {
    SLURM_ARRAY_TASK_ID: '7',
    SLURM_ARRAY_JOB_ID: '12',
    SLURMD_NODENAME: 'n1',
    PATH: '/usr/bin:/bin',
  }
  for (const shell of ['/bin/sh', '/bin/bash']) {
    const { stdout, stderr } = spawnSync(shell, [join(folder, 'job.sh')], { encoding: 'utf8', env })
    assert.equal(stdout, `${[paths.program, 'task', paths.storeFolder, '2', '7', '12_7', 'n1', '0', "it's\n$HOME"].join('|')}|`, stderr) // biome-ignore format: words
  }
})

test('should not let wishes or paths out of their lines', () => {
  const refused = (make: () => string, subject: RegExp) =>
    assert.throws(make, (error: RepriseError) => {
      assert.equal(error.code, 'usage')
      assert.match(error.subject, subject)
      assert.notEqual(error.remedy, '')
      return true
    })
  for (const value of ['a\n#SBATCH --uid=0', 'a\rb', '', 'a\0b', 'a\u2028b'])
    for (const wish of ['partition', 'account', 'qos', 'constraint', 'time', 'memory']) refused(() => script({ [wish]: value }), new RegExp(wish)) // biome-ignore format: one
  for (const cpus of [0, 1.5, -1, Number.NaN, 2 ** 60]) refused(() => script({ cpus }), /cpus/)
  for (const path of ['relative', '/a\nb', '/a\u0000b', ''])
    for (const which of ['storeFolder', 'program', 'node', 'logs']) refused(() => jobScript(ORDER, {}, { ...PATHS, [which]: path }), new RegExp(which)) // biome-ignore format: one
  refused(() => jobScript(ORDER, {}, { ...PATHS, logs: '/a\\b' }), /directory/)
  for (const name of ['', 'a b', 'a\nb', '$x', 'a,b', 'é']) refused(() => jobScript({ ...ORDER, name }, {}, PATHS), /name/) // biome-ignore format: one
  for (const count of [0, 1.5, Number.NaN]) refused(() => jobScript({ ...ORDER, count }, {}, PATHS), /array/)
  for (const name of ['A B', '', '1a', 'a=b', 'x\ny'])
    refused(() => jobScript(ORDER, {}, PATHS, { [name]: 'x' }), /env/)
})
