/** The end of a log, which may hold anything. */
import assert from 'node:assert/strict'
import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { logTail } from '../../lab/log-tail.ts'
import { plannedRun, temporaryLab } from './run.ts'

test('should give the end of a log without what moves a cursor, and follow no link', (t) => {
  const run = plannedRun(temporaryLab(t))
  assert.equal(logTail(run), null)
  writeFileSync(run.log, 'one\n\u001b[31mtwo\u001b[0m\u001b]0;title\u0007\n')
  assert.deepEqual(logTail(run), { lines: ['one', 'two'], bytes: 27, cut: false })
  appendFileSync(run.log, `${'z'.repeat(1e5)}\n${'line\n'.repeat(1e5)}`)
  const tail = logTail(run)!
  assert.deepEqual([tail.lines.length, tail.lines.at(-1), tail.cut], [200, 'line', true])
  writeFileSync(run.log, 'w'.repeat(1e6))
  assert.deepEqual(
    logTail(run)!.lines.map((line) => [line[0], line.length]),
    [['…', 501]],
  )
  rmSync(run.log)
  symlinkSync('/etc/passwd', run.log)
  assert.equal(logTail(run), null)
})
