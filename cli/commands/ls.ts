/** `reprise ls`: the runs of this lab, oldest first. */
import { findLab } from '../../lab/lab.ts'
import { runStates } from '../../lab/state.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'
import { count, table } from '../words.ts'

export async function ls(options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const runs = runStates(lab)
  out.answer({ lab: lab.path, runs })
  if (runs.length === 0) out.print(`no runs in ${lab.path}; begin with: reprise run FILE`)
  else {
    const rows = runs.map((run) => [
      run.run,
      run.name,
      run.verdict ?? run.state,
      `${count(run.chunksDone)}/${count(run.chunks)}`,
      run.failedJobs === 0 ? '' : `${count(run.failedJobs)} failed`,
      run.root?.slice(0, 16) ?? '',
    ])
    for (const line of table([['run', 'experiment', 'state', 'chunks', '', 'root'], ...rows], [3]))
      out.print(line)
  }
  return EXIT.done
}
