/**
 * Handed over to the head of a cluster and collected, with real sshd for the head and a worker that only the head's own ssh
 * reaches: clients, connections and the supervisor die on the way, and the root is that of a run that was left in peace.
 */
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { labAt, runFolder } from '../../lab/lab.ts'
import { lockHolder } from '../../lab/lock.ts'
import { available, Site, type SshServer, startServer } from '../sshd/server.ts'
import { answerOf, eventually, Project } from './project.ts'

const here = available()

const OPEN = 8
const CHUNKS = 20

/** Twenty chunks, of which the first eight come at once and the others when there is a file at `gate`. */
const source = (gate: string) => `import { existsSync } from 'node:fs'
import { experiment } from 'reprise'
export default experiment({
  name: 'gated', parameters: { a: Array.from({ length: ${CHUNKS} }, (_, i) => i) }, repetitions: 2, chunk: 2,
  async run({ point, random }) {
    while (point.a >= ${OPEN} && !existsSync(${JSON.stringify(gate)})) await new Promise((go) => setTimeout(go, 20))
    return random()
  },
})
`

interface Cluster {
  readonly head: SshServer
  readonly worker: SshServer
  /** Makes the cluster known to a project's user, as `lab`. */
  enter(project: Project): void
  /** Of the run's folder on the head. */
  folder(run: string): string
  supervisor(run: string): number
}

async function cluster(t: TestContext): Promise<Cluster> {
  const site = new Site(t)
  // ssh looks for its files in the home folder that the system knows; the head's is another one here.
  const bin = site.path('bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${site.config}' "$@"\n`)
  chmodSync(join(bin, 'ssh'), 0o755)
  const head = await startServer(t, { site, env: { PATH: `${bin}:${process.env.PATH}` } })
  const worker = await startServer(t, { site })
  const profile = site.profile([head.host({ engines: 1 }), worker.host({ engines: 1 })], {
    node: process.execPath,
  })
  const folder = (run: string) => join(head.home, 'reprise', 'runs', run)
  return {
    head,
    worker,
    enter: (project) =>
      void project.write('home/.config/reprise/config.json', JSON.stringify({ clusters: { lab: profile } })),
    folder,
    supervisor(run) {
      const name = readdirSync(folder(run))
        .filter((each) => each.startsWith('holder.'))
        .sort()
        .at(-1)!
      return JSON.parse(readFileSync(join(folder(run), name), 'utf8')).pid
    },
  }
}

/** A project whose run has the root that is given, once there is a file at the gate; now there is none. */
async function gated(t: TestContext): Promise<{ project: Project; gate: string; root: string }> {
  const project = new Project(t)
  const gate = project.path('gate')
  project.write('x.ts', source(gate))
  project.write('gate', '')
  const { root } = await project.json(0, 'run', 'x.ts')
  rmSync(gate)
  return { project, gate, root }
}

test('should go on at the head without us, whatever dies, and come to the local root in two labs', {
  skip: !here,
}, async (t) => {
  const lab = await cluster(t)
  const { project: first, gate, root } = await gated(t)
  const second = new Project(t)
  for (const project of [first, second]) lab.enter(project)
  const { run, state, traffic } = await first.json(0, 'run', 'x.ts', '--runner', 'ssh:lab', '--detach')
  assert.equal(state, 'detached')
  assert.equal((await first.json(0, 'ls')).runs.at(-1).state, 'detached')

  lab.head.breakSessions()
  await eventually('what can be done is done', () => chunksOf(lab, run).length === OPEN)
  process.kill(lab.supervisor(run), 'SIGKILL')
  const { there } = await first.json(0, 'status', run)
  assert.deepEqual([there.state, there.total], ['interrupted', CHUNKS])
  assert.equal((await first.json(130, 'collect', run)).chunksDone, OPEN)
  assert.equal((await first.json(0, 'resume', run)).state, 'detached')

  const client = second.start(['collect', `ssh:lab/${run}`, '--follow', '--json'])
  await eventually('it is in the second lab', () => existsSync(join(second.runs, run, 'results.sqlite')))
  client.child.kill('SIGKILL')
  await client.finished
  assert.equal((await first.json(0, 'status', run)).there.state, 'running')
  writeFileSync(gate, '')
  const collected = await second.json(0, 'collect', `ssh:lab/${run}`, '--follow')
  assert.deepEqual([collected.state, collected.root], ['sealed', root])
  const watched = await first.json(0, 'watch', run)
  assert.deepEqual([watched.state, watched.root], ['sealed', root])
  for (const project of [first, second]) assert.equal((await project.json(0, 'verify', run)).valid, true)
  assert.ok(existsSync(join(lab.worker.home, 'reprise', 'capsules')), 'the worker was at it')
  const listed = await first.json(0, 'collect', 'ssh:lab')
  assert.deepEqual([listed.runs[0].run, listed.runs[0].state], [run, 'done'])

  const again = await first.json(0, 'rerun', run, '--sample', '3', '--runner', 'ssh:lab', '--detach')
  const { verdict, chunksCompared } = await first.json(0, 'collect', again.run, '--follow')
  assert.deepEqual([verdict, chunksCompared], ['identical', 3])
  const fetched = await second.reprise('collect', `ssh:lab/${again.run}`)
  assert.equal(fetched.code, 1)
  assert.match(fetched.stderr, /repeats another run/)
  const elsewhere = await second.reprise('rerun', run)
  assert.equal(elsewhere.code, 1, 'code that came from a head is not executed without consent')
  assert.match(elsewhere.stderr, /from elsewhere/)

  const early = chunksOf(lab, run).filter((chunk) => chunk < OPEN) // of the last ones there may be second copies
  assert.equal(early.length, OPEN, 'nothing that was durable was executed again')
  const capsule = readFileSync(join(lab.folder(run), capsuleName(lab, run))).length
  const { sent } = traffic[0]
  assert.ok(sent > capsule && sent < capsule + 400_000, `${sent} bytes were sent, ${capsule} are the capsule`)
  const { received } = watched.traffic[0]
  t.diagnostic(
    `handed over: ${sent} bytes sent, ${capsule} of them the capsule; collected what was left: ${received}`,
  )
})

test('should be cancelled there, tell what is there, and be given up when its head is gone', {
  skip: !here,
}, async (t) => {
  const lab = await cluster(t)
  const { project, gate, root } = await gated(t)
  lab.enter(project)
  assert.deepEqual((await project.json(0, 'collect')).runs, [])
  const words = ['run', 'x.ts', '--runner', 'ssh:lab', '--detach']
  const refused = await project.reprise(...words, '--replicate', '1%')
  assert.equal(refused.code, 2)
  assert.match(refused.stderr, /--replicate: /)
  const { run } = await project.json(0, ...words)
  await eventually('what can be done is done', () => chunksOf(lab, run).length === OPEN)
  assert.equal((await project.json(0, 'results', run)).results.length, 2 * OPEN, 'it is collected first')
  const watching = project.start(['watch', run, '--json'])
  await eventually('it is being watched', () => holds(project, run))
  const looking = project.start(['watch', run, '--json'])
  for (const elsewhere of ['local', 'ssh:other']) {
    const besides = await project.reprise('resume', run, '--runner', elsewhere)
    assert.equal(besides.code, 1)
    assert.match(besides.stderr, /is with ssh:lab/)
  }
  const cancelled = await project.json(0, 'cancel', run)
  for (const { finished } of [watching, looking])
    assert.equal(answerOf(await finished, 130).state, 'cancelled', 'two may watch')
  assert.deepEqual([cancelled.state, cancelled.chunksDone], ['cancelled', OPEN])
  const mark = join(lab.folder(run), 'ended')
  assert.equal(existsSync(mark), false, 'a cancelled run stays there, for who goes on with it')
  await project.reprise('collect', run, '--forget')
  assert.equal(existsSync(mark), true)
  assert.equal((await project.json(0, 'resume', run, '--detach')).state, 'detached')
  const pid = lab.supervisor(run)
  await lab.head.stop()
  await eventually('the head is gone', () => !existsSync(`/proc/${pid}`))
  const status = await project.reprise('status', run)
  assert.equal(status.code, 0)
  assert.match(status.stderr, /ssh:lab cannot be asked now/)
  assert.match(status.stdout, /detached on ssh:lab/)
  const unreachable = await project.reprise('cancel', run)
  assert.equal(unreachable.code, 1)
  assert.match(unreachable.stderr, /--give-up/)
  assert.equal((await project.json(0, 'cancel', run, '--give-up')).state, 'cancelled')
  writeFileSync(gate, '')
  const { pid: own } = await project.json(0, 'resume', run, '--runner', 'local', '--detach')
  assert.ok(own > 0, 'by a process of this machine')
  assert.equal((await project.json(0, 'watch', run)).root, root)
})

/** Whether somebody has the run here. */
function holds(project: Project, run: string): boolean {
  return (
    existsSync(join(project.runs, run, 'holder.json')) &&
    lockHolder(runFolder(labAt(project.lab), run)) !== null
  )
}

/** Chunks in the journal's segments, as they were made durable. */
function chunksOf(lab: Cluster, run: string): number[] {
  const names = existsSync(lab.folder(run))
    ? readdirSync(lab.folder(run)).filter((name) => /^journal\.\d+$/.test(name))
    : []
  const texts = names.map((name) => readFileSync(join(lab.folder(run), name), 'latin1'))
  return texts.flatMap((text) =>
    [...text.matchAll(/\{"type":"chunk","chunk":(\d+),/g)].map((found) => Number(found[1])),
  )
}

function capsuleName(lab: Cluster, run: string): string {
  return readdirSync(lab.folder(run)).find((name) => name.endsWith('.mjs'))!
}
