/** `cluster add --slurm`, `ls`, `check`, `clean`, `doctor slurm:NAME`, and what is refused of `--runner slurm:NAME`, with a real Slurm. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { available } from '../../slurm/cluster.ts'
import { mean, Project } from '../project.ts'
import { SlurmSite } from './site.ts'

const here = available('commands on Slurm clusters')

test('should add a Slurm cluster, and refuse words of one kind for the other', async (t) => {
  const project = new Project(t)
  const words = ['--slurm', '--via', 'ssh:hosts', '--partition', 'main', '--time', '30', '--cpus', '2']
  const more = ['--extra=--gres=gpu:1', '--extra=--nice=10', '--task-time', '60', '--directory', '/scratch/x']
  const added = await project.json(0, 'cluster', 'add', 'lab', ...words, ...more)
  const profile = {
    kind: 'slurm',
    via: 'ssh:hosts',
    directory: '/scratch/x',
    partition: 'main',
    time: '30',
    cpus: 2,
    taskTime: 60,
    extra: ['--gres=gpu:1', '--nice=10'],
  }
  const { file } = added
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')).clusters.lab, profile)
  const listed = await project.reprise('cluster', 'ls')
  assert.match(listed.stdout, /^lab {2}slurm {2}ssh:hosts, partition main {2}/)
  const refused: [words: string[], expected: RegExp][] = [
    [['x', 'node1', '--slurm'], /HOST: is for clusters that are reached by ssh/],
    [['x'], /HOST: is missing/],
    [['x', 'node1', '--partition', 'p'], /--partition: is for clusters of another kind\. Say --slurm/],
    [['x', '--slurm', '--user', 'ada'], /--user: is for clusters of another kind/],
    [['x', '--slurm', '--extra=--wrap=id'], /extra\[0\] --wrap=id: is set by Reprise itself/],
    [['x', '--slurm', '--time', '1h'], /time: must be a time as sbatch has it/],
  ]
  for (const [more, expected] of refused) {
    const { code, stderr } = await project.reprise('cluster', 'add', ...more)
    assert.deepEqual([code, expected.test(stderr)], [2, true], stderr)
  }
  const reached = await project.reprise('cluster', 'check', 'lab')
  assert.equal(reached.code, 1)
  assert.match(reached.stderr, /ssh:hosts: there is no cluster of that name/)
  for (const [kind, expected] of [
    ['ssh', /ssh:lab: is a cluster of another kind: slurm\. Say slurm:lab/],
    ['slurm', /ssh:hosts: there is no cluster/],
  ] as const) {
    project.write('x.ts', mean())
    const { stderr } = await project.reprise('run', 'x.ts', '--runner', `${kind}:lab`)
    assert.match(stderr, expected)
  }
  assert.deepEqual(project.runNames(), [])
})

test('should say before anything is planned that there is no Slurm, and what it takes no part in', async (t) => {
  const bin = mkdtempSync(join(tmpdir(), 'reprise-bin-')) // a machine without Slurm
  t.after(() => rmSync(bin, { recursive: true, force: true }))
  for (const name of readdirSync('/usr/bin').filter((name) => !/^(s(batch|info|queue)|scontrol)$/.test(name)))
    symlinkSync(join('/usr/bin', name), join(bin, name))
  const project = new Project(t, { 'x.ts': mean() }, { PATH: bin })
  await project.json(0, 'cluster', 'add', 'lab', '--slurm')
  const words = ['run', 'x.ts', '--runner', 'slurm:lab']
  const none = await project.reprise(...words)
  assert.equal(none.code, 1)
  assert.match(none.stderr, /sbatch is not there/)
  const refused: [words: string[], expected: RegExp][] = [
    [['--engines', '2'], /--engines: each task on slurm:lab has the engines/],
    [['--replicate', '1%'], /--replicate: compares engines while they work/],
    [['--runtime', '24'], /--runtime: chooses a Node of this machine/],
  ]
  for (const [more, expected] of refused) {
    const { code, stderr } = await project.reprise(...words, ...more)
    assert.deepEqual([code, expected.test(stderr)], [2, true], stderr)
  }
  const local = await project.reprise('run', 'x.ts', '--task-time', '60')
  assert.equal(local.code, 2)
  assert.match(local.stderr, /--task-time: is for the tasks of a scheduler, and local has none/)
  assert.deepEqual(project.runNames(), [])
})

test('should check, clean and tell of a real cluster, and refuse a partition that is none', {
  skip: !here,
}, async (t) => {
  const site = await SlurmSite.start(t)
  const project = site.project({ 'x.ts': mean() })
  const { well, hosts } = await project.json(0, 'cluster', 'check', 'lab')
  const found = Object.fromEntries(
    hosts[0].checks.map(({ name, found }: Record<string, string>) => [name, found]),
  )
  assert.equal(well, true)
  assert.match(found.Slurm, /^\d+\.\d+.*, arrays of at most \d+ tasks/)
  assert.match(found.tasks, /would be taken/)
  assert.equal(hosts[0].facts.directory, site.directory)
  const told = await project.reprise('doctor', 'slurm:lab')
  assert.equal(told.code, 0)
  assert.match(told.stdout, /^ {2}Slurm +\d/m)
  assert.deepEqual((await project.json(0, 'collect', 'slurm:lab')).runs, [])

  const wrong = site.project({ 'x.ts': mean() }, { partition: 'nowhere' })
  const checked = await wrong.reprise('cluster', 'check', 'slurm:lab')
  assert.equal(checked.code, 1)
  assert.match(checked.stdout, /partition/)
  const { code, stderr } = await wrong.reprise('run', 'x.ts', '--runner', 'slurm:lab')
  assert.equal(code, 2)
  assert.match(stderr, /invalid partition.*sinfo/i)
  assert.deepEqual([wrong.runNames(), site.slurm.arrays()], [[], []], 'nothing was planned or submitted')

  const before = readdirSync(site.directory)
  assert.ok(before.includes('capsules'), before.join())
  const [cleaned] = (await project.json(0, 'cluster', 'clean', 'lab')).hosts
  assert.deepEqual([cleaned.directory, cleaned.removed > 0], [site.directory, true])
  assert.equal(existsSync(site.directory), false)
})
