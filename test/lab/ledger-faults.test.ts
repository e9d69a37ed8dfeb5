/**
 * The ledger under sudden death and failing disks: with strace, system calls of a process that adds to it kill it or
 * fail, one after the other. What was there stays, what is added is whole, and the next goes on.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Lab } from '../../lab/lab.ts'
import { canTrace, faulty } from '../faults.ts'
import { add, assertWhole, freshLab, notes } from './ledgers.ts'

const APPEND = fileURLToPath(new URL('append.js', import.meta.url))

if (!canTrace) console.error('SKIPPING crashes of the ledger: strace is not here, or may not trace')

function traced(lab: Lab, fault: string, name: string) {
  const [program, ...words] = [...faulty(fault), process.execPath, APPEND, lab.path, name, '1']
  return spawnSync(program!, words, { encoding: 'utf8' })
}

for (const [call, most] of [
  ['fsync,fdatasync', 8],
  ['pwrite64', 8],
  ['rename', 2],
] as const) {
  test(`should go on after a death at any ${call}`, { skip: !canTrace }, (t) => {
    const lab = freshLab(t)
    add(lab, 'first')
    let died = 0
    for (let n = 1; n <= most; n++) {
      const before = notes(lab)
      const { signal, status } = traced(lab, `${call}:signal=KILL:when=${n}`, `n${n}`)
      const dead = signal === 'SIGKILL' || status === 137
      if (dead) died++
      const after = notes(lab)
      assert.deepEqual(after.slice(0, before.length), before, 'nothing is lost')
      assert.ok(after.length <= before.length + 1 && (dead || after.length === before.length + 1))
      add(lab, `after ${n}`)
      assertWhole(lab, `${call} ${n}`)
    }
    assert.ok(died >= most / 2, `${died} of ${most} died`)
  })
}

for (const [fault, most] of [
  ['fsync,fdatasync:error=EIO', 8],
  ['pwrite64:error=ENOSPC', 8],
  ['rename:error=EIO', 2],
] as const) {
  test(`should tell of ${fault} and write nothing by halves`, { skip: !canTrace }, (t) => {
    const lab = freshLab(t)
    add(lab, 'first')
    let felt = 0
    for (let n = 1; n <= most; n++) {
      const before = notes(lab)
      const { status, stderr } = traced(lab, `${fault}:when=${n}`, `n${n}`)
      const after = notes(lab)
      assert.deepEqual(after.slice(0, before.length), before)
      if (status === 0) assert.equal(after.length, before.length + 1, `${n}: said to be done`)
      else {
        felt++
        assert.match(stderr, /code: 'storage'/, `${n}: ${stderr.slice(-600)}`)
        assert.match(stderr, /See that the disk has room/)
      }
      add(lab, `after ${n}`)
      assertWhole(lab, `${fault} ${n}`)
    }
    assert.ok(felt > 0, 'some were felt')
  })
}
