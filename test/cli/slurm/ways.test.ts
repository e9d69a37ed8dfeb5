/** Other ways to the same Slurm: its `sbatch` on the head of an ssh cluster, and a program in place of the command line. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { available } from '../../slurm/cluster.ts'
import { Site, available as sshAvailable, startServer } from '../../sshd/server.ts'
import { configure } from '../cluster/site.ts'
import { mean, Project } from '../project.ts'
import { SlurmSite } from './site.ts'

const here = available('other ways to a Slurm')
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))

test('should have the local root where sbatch is on the head of an ssh cluster', {
  skip: !here || !sshAvailable(),
}, async (t) => {
  const site = await SlurmSite.start(t)
  const ssh = new Site(t)
  const head = await startServer(t, { site: ssh, env: { ...site.slurm.env } })
  const hosts = ssh.profile([head.host()], { node: process.execPath })
  const project = new Project(t, { 'x.ts': mean() }) // whose own environment knows of no Slurm
  configure(project, {
    hosts,
    lab: { kind: 'slurm', via: 'ssh:hosts', directory: site.directory, node: process.execPath, taskTime: 5 },
  })
  const { root } = await project.json(0, 'run', 'x.ts')
  const { well } = await project.json(0, 'cluster', 'check', 'lab')
  assert.equal(well, true)
  const answer = await project.json(0, 'run', 'x.ts', '--runner', 'slurm:lab')
  assert.deepEqual([answer.state, answer.root], ['sealed', root])
  assert.ok(answer.traffic[0].sent > 0)
  assert.equal(site.slurm.arrays().length > 0, true)
})

test('should give a program its rows, from a run that lives on at Slurm', { skip: !here }, async (t) => {
  const site = await SlurmSite.start(t)
  const project = site.project({ 'x.ts': mean() })
  mkdirSync(project.path('node_modules'))
  symlinkSync(ROOT, project.path('node_modules', 'reprise'))
  project.write(
    'program.mjs',
    `import { open } from 'reprise'
const lab = await open()
const refused = await lab.submit('x.ts', { runner: 'slurm:lab', engines: 2 }).catch((error) => error.subject)
const run = await lab.submit('x.ts', { runner: 'slurm:lab', taskTime: 3 })
const before = run.ready()
const rows = []
for await (const row of run.results({ order: 'completion' })) rows.push(row.result.mean)
const again = await run.rerun({ runner: 'slurm:lab', sample: 2 })
console.log(JSON.stringify({ refused, before, rows: rows.length, root: run.root, verdict: again.verdict }))
`,
  )
  const { root } = await project.json(0, 'run', 'x.ts')
  const env = { PATH: process.env.PATH, HOME: project.path('home'), ...site.slurm.env }
  const done = spawnSync(process.execPath, [join(project.folder, 'program.mjs')], {
    cwd: project.folder,
    env,
    encoding: 'utf8',
    timeout: 300_000,
  })
  assert.equal(done.status, 0, done.stderr)
  const told = JSON.parse(done.stdout)
  assert.deepEqual(told, { refused: '--engines', before: false, rows: 100, root, verdict: 'identical' })
})
