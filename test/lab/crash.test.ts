/**
 * Law 3 under a failing disk and sudden death: with strace, system calls of the controller fail (EIO, ENOSPC) or kill
 * it, one after the other; whatever is on disk then, `resume` ends in the root of an undisturbed run, or nothing was
 * planned. REPRISE_SLOW=1 tries every call instead of some.
 */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { answerOf, type Finished, mean, Project } from '../cli/project.ts'
import { canTrace, faulty } from '../faults.ts'

const SLOW = process.env.REPRISE_SLOW === '1'

/** Long enough for a handful of commits. */
const SOURCE = mean({ points: 4, repetitions: 40, chunk: 4, draws: 100_000, fields: "text: 'x'.repeat(300)" })

if (!canTrace) console.error('SKIPPING every crash test: strace is not here, or may not trace')

/** Places to try: every one, or some that are spread from the first to the last. */
function places(from: number, to: number, some: number): number[] {
  const step = SLOW ? 1 : (to - from) / (some - 1)
  return Array.from({ length: Math.floor((to - from) / step + 1.001) }, (_, i) => Math.round(from + i * step))
}

interface Disturbed extends Finished {
  /** The run that is there now and was not before. */
  readonly run: string | undefined
}

async function disturbed(project: Project, fault: string, words: readonly string[]): Promise<Disturbed> {
  const before = project.runNames()
  const started = project.start([...words, '--engines', '2'], { through: faulty(fault) })
  const finished = await started.finished
  const run = project.runNames().find((name) => !name.startsWith('.') && !before.includes(name))
  return { ...finished, run }
}

/** A project with one undisturbed run: what every other must come to. */
async function undisturbed(t: TestContext): Promise<{ project: Project; root: string }> {
  const { project, run } = await Project.ran(t, { 'x.ts': SOURCE })
  return { project, root: run.root }
}

async function assertRecovers(project: Project, run: string, root: string, what: string): Promise<void> {
  const whole = answerOf(await project.start(['resume', run, '--json']).finished, 0)
  assert.deepEqual([whole.state, whole.root], ['sealed', root], what)
  const { valid, checked } = await project.json(0, 'verify', run)
  assert.ok(valid && checked.includes('every chunk'), what)
  const leftovers = readdirSync(join(project.runs, run)).filter((name) => name.endsWith('-wal'))
  assert.deepEqual(leftovers, [], 'results.sqlite is whole by itself')
}

/** One line that says what and what to do, whatever was told of the run that had begun. */
function assertOneLine({ stdout, stderr }: Finished, what: string): void {
  const errors = stderr.split('\n').filter((line) => line.startsWith('reprise: '))
  assert.equal(stdout, '', what)
  assert.equal(errors.length, 1, `${what}: ${stderr}`)
  assert.doesNotMatch(errors[0]!, /unexpected/, what)
  assert.match(errors[0]!, /See that the disk has room/, what)
  assert.doesNotMatch(stderr, /^ +at |node:/m, `${what}: no stack`)
}

const FAULTS: readonly [what: string, fault: string, at: readonly number[]][] = [
  ['an I/O error when syncing', 'fsync,fdatasync:error=EIO', places(2, 34, 2)],
  ['a full disk', 'pwrite64:error=ENOSPC', places(20, 160, 2)],
  ['a disk that stays full', 'pwrite64:error=ENOSPC', [60]],
  ['an I/O error when renaming', 'rename:error=EIO', places(1, 4, 2)],
]

for (const [what, fault, at] of FAULTS) {
  test(`should end with 1 and lose nothing after ${what}`, { skip: !canTrace }, async (t) => {
    const { project, root } = await undisturbed(t)
    let felt = 0
    for (const n of at) {
      const when = what.includes('stays') ? `${n}+` : `${n}`
      const finished = await disturbed(project, `${fault}:when=${when}`, ['run', 'x.ts'])
      const place = `${fault} at ${when}, run ${finished.run}`
      assert.ok(finished.code === 0 || finished.code === 1, `${place}: ${finished.code} ${finished.stderr}`)
      if (finished.code === 1) {
        felt++
        assertOneLine(finished, place)
      }
      assert.deepEqual(
        project.runNames().filter((name) => name.startsWith('.')),
        [],
        place,
      )
      if (finished.run !== undefined) await assertRecovers(project, finished.run, root, place)
      else assert.equal(finished.code, 1, place)
    }
    assert.ok(felt > 0, 'some of the faults were felt')
  })
}

const DEATHS: readonly [what: string, fault: string, at: readonly number[]][] = [
  ['syncs', 'fsync,fdatasync', places(8, 32, 2)],
  ['writes a page', 'pwrite64', places(10, 150, 2)],
  ['renames', 'rename', places(1, 6, 6)],
]

for (const [what, fault, at] of DEATHS) {
  test(`should resume to the same root when killed as it ${what}`, { skip: !canTrace }, async (t) => {
    const { project, root } = await undisturbed(t)
    let died = 0
    let between = 0
    for (const n of at) {
      const finished = await disturbed(project, `${fault}:signal=KILL:when=${n}`, ['run', 'x.ts'])
      const place = `${fault}, killed at ${n}, run ${finished.run}`
      if (finished.signal === 'SIGKILL' || finished.code === 137) died++
      const { runs } = await project.json(0, 'ls')
      assert.ok(
        runs.every(({ state }: { state: string }) => state !== 'damaged'),
        place,
      )
      if (finished.run === undefined) continue
      const { state } = runs.find(({ run }: { run: string }) => run === finished.run)
      if (state === 'sealed' && !readdirSync(join(project.runs, finished.run)).includes('manifest.json'))
        between++
      await assertRecovers(project, finished.run, root, place)
    }
    assert.ok(died > 0, 'some of them died')
    if (what === 'renames') assert.ok(between > 0, 'one died between the seal and the manifest')
  })
}

test('should resume to the same root when resume itself is killed, again and again', {
  skip: !canTrace,
}, async (t) => {
  const { project, root } = await undisturbed(t)
  const { run } = await disturbed(project, 'fsync:signal=KILL:when=22', ['run', 'x.ts'])
  assert.ok(run !== undefined)
  for (const n of SLOW ? [1, 2, 4, 6] : [1, 4])
    await disturbed(project, `fsync:signal=KILL:when=${n}`, ['resume', run])
  await assertRecovers(project, run, root, 'after several deaths')
})

test('should resume to the same root when resume meets a full disk', { skip: !canTrace }, async (t) => {
  const { project, root } = await undisturbed(t)
  const { run } = await disturbed(project, 'fsync:signal=KILL:when=22', ['run', 'x.ts'])
  assert.ok(run !== undefined)
  for (const n of SLOW ? [1, 2, 3, 10, 30] : [1, 3, 10]) {
    const finished = await disturbed(project, `pwrite64:error=ENOSPC:when=${n}`, ['resume', run])
    assert.ok(finished.code === 0 || finished.code === 1, `${n}: ${finished.code} ${finished.stderr}`)
    if (finished.code === 1) assertOneLine(finished, `ENOSPC at ${n} of resume`)
  }
  await assertRecovers(project, run, root, 'after a full disk')
})

test('should find a rerun whole after it was killed and resumed', { skip: !canTrace }, async (t) => {
  const { project } = await undisturbed(t)
  const { run } = await disturbed(project, 'fsync:signal=KILL:when=22', ['rerun', '@last'])
  assert.ok(run !== undefined)
  assert.equal((await project.json(0, 'resume', run)).verdict, 'identical')
})
