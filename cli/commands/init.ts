/** `reprise init [DIR]`: a new project that runs. */
import { relative } from 'node:path'
import { newProject, TEMPLATES } from '../../lab/new-project.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'
import { several } from '../words.ts'

export interface InitOptions {
  readonly json?: boolean
  readonly template: string
  readonly name?: string
}

export async function init(target: string | undefined, options: InitOptions): Promise<number> {
  const out = terminal(options)
  const made = await newProject(target ?? '.', TEMPLATES[options.template]!, options.name)
  const { folder, name, files, git } = made
  const way = relative(process.cwd(), folder)
  out.say(
    `made ${name}: ${several(files.length, 'file')}${git === 'made' ? ', and a git repository' : git === 'none' ? '; git is not here, so that no commit will name the code' : ''}`,
  )
  for (const file of files) out.print(`  ${file}`)
  out.print(`next: ${way === '' ? '' : `cd ${way} && `}npm install && npx reprise run experiment.ts`)
  out.answer({ ...made, template: options.template })
  return EXIT.done
}
