/** `doctor`: what it finds of this machine, what it says of a record, and that it leaves nothing behind. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fingerprint } from '../../lib/fingerprint.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { forged } from '../provenance/record.ts'
import { type Answer, answerOf, mean, Project } from './project.ts'

const OWN = fingerprint(Math, (base, exponent) => base! ** exponent!)

const stateOf = ({ checks }: Answer, name: string) =>
  checks.find((check: Answer) => check.name === name).state as string

test('should find this machine well, say what it is and computes, and leave nothing', async (t) => {
  const project = new Project(t)
  const before = readdirSync(project.folder)
  const answer = await project.json(0, 'doctor')
  assert.equal(answer.well, true)
  assert.equal(answer.record, null)
  assert.equal(answer.lab, project.lab)
  assert.deepEqual(answer.fingerprint, OWN)
  assert.equal(answer.environment.node, process.version)
  for (const name of ['Node', 'engines', 'esbuild', 'temporary', 'lab', 'disk', 'SQLite']) {
    assert.notEqual(stateOf(answer, name), 'bad', name)
  }
  const { found } = answer.checks.find((check: Answer) => check.name === 'SQLite')
  assert.match(found, /^3\.\d+\.\d+, WAL and synchronous=FULL read back; a durable commit takes [\d.e+]+ ms$/)
  assert.deepEqual(readdirSync(project.folder), before)
  assert.deepEqual(readdirSync(project.path('tmp')), [])
})

test('should tell people of every part, and of every digest', async (t) => {
  const { code, stdout, stderr } = await new Project(t).reprise('doctor')
  assert.deepEqual([code, stderr], [0, ''])
  for (const part of ['Reprise', 'system', 'processor', 'memory', 'Node', 'lab', 'disk', 'SQLite', 'git']) {
    assert.match(stdout, new RegExp(`^ {2}${part} +\\S`, 'm'), part)
  }
  for (const [name, digest] of Object.entries(OWN))
    assert.ok(stdout.includes(`${name} `) && stdout.includes(digest), name)
  assert.match(stdout, /^all is well: experiments can be run here$/m)
})

test('should do without git and python3, and say what that means', async (t) => {
  const project = new Project(t)
  const surroundings = { env: { PATH: project.path('tmp') } }
  const { code, stdout } = await project.start(['doctor'], surroundings).finished
  assert.equal(code, 0)
  assert.match(stdout, /^ {2}git +not found: runs are recorded without a commit$/m)
  assert.match(stdout, /^ {2}python3 +not found: only experiments that are Python programs need it$/m)
})

test('should end with 1 where no lab can be made, or engines have no temporary folder, and say what to do', async (t) => {
  const project = new Project(t, { file: 'no folder' })
  const noLab = { env: { REPRISE_LAB: project.path('file', 'lab') } }
  const { code, stdout } = await project.start(['doctor'], noLab).finished
  assert.equal(code, 1)
  assert.match(stdout, /^ {2}lab +ENOTDIR[^\n]*Make \S+file writable\. Name another lab by REPRISE_LAB$/m)
  assert.match(stdout, /^experiments cannot be run here$/m)
  const answer = answerOf(await project.start(['doctor', '--json'], noLab).finished, 1)
  assert.deepEqual(
    [answer.well, stateOf(answer, 'lab'), stateOf(answer, 'temporary')],
    [false, 'bad', 'well'],
  )
  const noTemporary = { env: { TMPDIR: project.path('nowhere') } }
  const other = answerOf(await project.start(['doctor', '--json'], noTemporary).finished, 1)
  assert.deepEqual([other.well, stateOf(other, 'lab'), stateOf(other, 'temporary')], [false, 'well', 'bad'])
})

test('should try the lab that is there, and leave it as it was', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  await project.json(0, 'run', 'x.ts')
  const before = readdirSync(project.lab, { recursive: true }).sort()
  const { checks } = await project.json(0, 'doctor')
  assert.equal(checks.find((check: Answer) => check.name === 'lab').found, project.lab)
  assert.deepEqual(readdirSync(project.lab, { recursive: true }).sort(), before)
})

test('should say by name what a record leads one to expect here', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  const { manifest: path, run } = await project.json(0, 'run', 'x.ts')
  const manifest = parseManifest(readFileSync(path))
  /** A manifest of this run as another platform would have recorded it. */
  const recordedBy = (name: string, math: string, fingerprint: object | null) => {
    const environment = { node: 'v22.99.0', arch: 'arm64', ...(fingerprint === null ? {} : { fingerprint }) }
    const change = (loose: { run: Record<string, unknown> }) => {
      loose.run.math = math
      loose.run.environments = [{ environment, chunks: manifest.results.chunks }]
    }
    return project.write(name, forged(manifest, change))
  }
  const other = { ...OWN, 'Math.pow': '0'.repeat(16), '**': '0'.repeat(16) }
  const native = recordedBy('native.json', 'native', other)
  const answer = await project.json(0, 'doctor', native)
  assert.deepEqual(answer.record.differing, ['Math.pow', '**'])
  assert.equal(answer.record.run, run)
  const told = (await project.reprise('doctor', native)).stdout.replace(/\n +/g, ' ')
  assert.match(
    told,
    /recorded on Node v22\.99\.0, arm64; here Node v[^:]+: Math\.pow and \*\* give other bits here/,
  )
  const portable = recordedBy('portable.json', 'portable', other)
  assert.deepEqual((await project.json(0, 'doctor', portable)).record.differing, [])
  assert.match((await project.reprise('doctor', portable)).stdout, /no difference is to be expected/)
  const without = recordedBy('without.json', 'native', null)
  assert.equal((await project.json(0, 'doctor', without)).record.differing, null)
  assert.match(
    (await project.reprise('doctor', without)).stdout.replace(/\n +/g, ' '),
    /no fingerprint was recorded/,
  )
})
