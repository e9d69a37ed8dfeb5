/** `init`: each template's project as a user meets it, its own tests, a run, and a rerun that is identical. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { TEMPLATES } from '../../lab/new-project.ts'
import { Project } from './project.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

for (const template of Object.keys(TEMPLATES)) {
  test(`should make a project of the template ${template} that passes its tests, runs, and reruns identical`, async (t) => {
    if (template === 'python' && spawnSync('python3', ['--version']).error !== undefined)
      return t.skip('no python3')
    const project = new Project(t)
    const made = await project.json(0, 'init', 'my-walk', '--template', template)
    assert.deepEqual([made.name, made.template, basename(made.folder)], ['my-walk', template, 'my-walk'])
    const cwd = project.path('my-walk')
    const about = JSON.parse(readFileSync(project.path('my-walk/package.json'), 'utf8'))
    const own = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'))
    const tool = `reprise-${own.version}.tgz`
    assert.deepEqual(about.dependencies, { reprise: `file:${tool}` }, 'no registry is asked')
    assert.ok(existsSync(`${cwd}/${tool}`))
    for (const [tool, version] of Object.entries(about.devDependencies ?? {}))
      assert.equal(version, own.dependencies[tool] ?? own.devDependencies[tool], tool)

    symlinkSync(`${ROOT}/node_modules`, `${cwd}/node_modules`) // as npm install would have it
    const tested = spawnSync('npm', ['test', '--silent'], { cwd, encoding: 'utf8' })
    assert.equal(tested.status, 0, `${tested.stdout}${tested.stderr}`)
    if (template === 'typescript' && process.env.REPRISE_SLOW === '1') {
      const types = spawnSync('npm', ['run', 'types', '--silent'], { cwd, encoding: 'utf8' })
      assert.equal(types.status, 0, types.stdout)
    }
    const reprise = (...words: string[]) => project.start([...words, '--json'], { cwd }).finished
    const run = JSON.parse((await reprise('run', 'experiment.ts')).stdout)
    assert.deepEqual([run.failedJobs, run.jobs > 0], [0, true])
    const rerun = JSON.parse((await reprise('rerun', '@last')).stdout)
    assert.deepEqual([rerun.verdict, rerun.root], ['identical', run.root])
    assert.ok(existsSync(`${cwd}/.reprise`), 'the lab is the project’s own')
    const ignored = spawnSync('git', ['check-ignore', '.reprise/x', 'model.ts'], { cwd, encoding: 'utf8' })
    assert.equal(ignored.stdout, '.reprise/x\n')
  })
}
