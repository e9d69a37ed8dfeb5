/** A lab opened for a program, in a project of its own; runs that are still executed after the test are ended. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Lab, open } from '../../../lab/index.ts'
import { ROOT } from '../../../lab/installed.ts'
import { supervisorsOf } from '../../cli/project.ts'
import { temporaryFolder } from '../run.ts'

export interface Opened {
  readonly lab: Lab
  readonly folder: string
  /** Path of a file of the project. */
  path(name: string): string
}

export async function openedLab(t: TestContext, files: Readonly<Record<string, string>>): Promise<Opened> {
  let lab: Lab | null = null
  t.after(() => {
    for (const pid of supervisorsOf(lab?.path ?? '')) process.kill(pid, 'SIGKILL')
  })
  const folder = temporaryFolder(t)
  const path = (name: string) => join(folder, name)
  for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files }))
    writeFileSync(path(name), text)
  mkdirSync(path('node_modules'))
  symlinkSync(ROOT, path('node_modules/reprise'))
  lab = await open(folder)
  return { lab, folder, path }
}
