/** Programs that do what Slurm's do not do on demand: hang, die, flood, speak of other things; and what they are started with. */
import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { RepriseError } from '../../../lib/errors.ts'
import { ask, complaint, slurmPrograms, surroundingsOf } from '../../../runners/slurm/command.ts'
import { isAlive, until } from '../../sshd/processes.ts'
import type { Lasting } from '../../sshd/site.ts'

function program(t: Lasting, text: string): { squeue: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-slurm-fake-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const squeue = join(folder, 'a program; $(of) its own')
  writeFileSync(squeue, `#!/bin/sh\n${text}\n`)
  chmodSync(squeue, 0o755)
  return { squeue, folder }
}

const PATIENCE = 60_000
const rejected = (what: RegExp) => (error: RepriseError) => {
  assert.deepEqual([error.code, error.subject], ['engine', 'slurm'])
  assert.match(error.message, what)
  assert.notEqual(error.remedy, '')
  return true
}

test('should hand words over as they are, and give what was said', async (t) => {
  const { squeue } = program(t, 'printf "%s|" "$@"; echo "squeue: error: a word" >&2; exit 3')
  const words = ['a b', '$(touch x)', "it's", '', '*', '--x=\n']
  const answer = await slurmPrograms({ programs: { squeue } })('squeue', words, PATIENCE)
  assert.deepEqual(
    [answer.code, answer.stdout, answer.trouble],
    [3, words.map((word) => `${word}|`).join(''), null],
  )
  assert.equal(complaint(answer), 'a word')
})

test('should leave nothing of variables that give options, and say what language and time are', async (t) => {
  const { squeue } = program(t, 'env')
  const env = { PATH: process.env.PATH, SLURM_CONF: '/c', SLURM_JWT: 'j', SBATCH_PARTITION: 'p', SLURM_CLUSTERS: 'x', SQUEUE_FORMAT: '%i', TZ: 'Asia/Tokyo', LC_ALL: 'de_DE' } // biome-ignore format: a list of words
  const { stdout } = await slurmPrograms({ programs: { squeue }, env })('squeue', [], PATIENCE)
  const names = /^(SLURM|SBATCH|SQUEUE|TZ|LC)/
  const found = stdout.split('\n').filter((line) => names.test(line))
  assert.deepEqual(found.sort(), ['LC_ALL=C', 'SLURM_BITSTR_LEN=0', 'SLURM_CONF=/c', 'SLURM_JWT=j', 'SLURM_TIME_FORMAT=standard', 'TZ=UTC']) // biome-ignore format: a list of words
  assert.equal(surroundingsOf({ HOME: '/h' }).HOME, '/h')
})

test('should not wait for ever, and leave no process behind', async (t) => {
  const { squeue, folder } = program(t, 'sleep 600 & echo $! > "$1"; wait')
  const place = join(folder, 'pid')
  const run = slurmPrograms({ programs: { squeue } })
  const hung = ask(run, 'squeue', [place], 3000)
  await assert.rejects(hung, rejected(/^squeue did not answer within 3 s$/))
  const pid = Number(readFileSync(place, 'utf8'))
  await until('what it started to end', () => !isAlive(pid))
})

test('should not read without end', async (t) => {
  const { squeue } = program(t, 'exec yes')
  const run = slurmPrograms({ programs: { squeue }, most: 1e6 })
  await assert.rejects(ask(run, 'squeue', [], PATIENCE), rejected(/said too much/))
  const talker = program(t, 'yes complaint | head -c 5000000 >&2; exit 1')
  const answer = await slurmPrograms({ programs: talker })('squeue', [], PATIENCE)
  assert.deepEqual([answer.code, answer.stderr.length], [1, 10_000])
})

test('should say that a program is not there, is none, or was killed', async (t) => {
  const { squeue, folder } = program(t, 'kill -9 $$')
  await assert.rejects(
    ask(slurmPrograms({ programs: { squeue } }), 'squeue', [], PATIENCE),
    rejected(/was killed/),
  )
  for (const path of [join(folder, 'none'), folder])
    await assert.rejects(
      ask(slurmPrograms({ programs: { squeue: path } }), 'squeue', [], PATIENCE),
      (error: RepriseError) => rejected(/^squeue is not there$/)(error) && /`via`/.test(error.remedy),
    )
})
