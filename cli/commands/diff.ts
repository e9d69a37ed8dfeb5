/** `reprise diff A B`: two runs compared: what was asked, the code, the environment, the results. */
import pc from 'picocolors'
import { type Change, diffRuns } from '../../lab/diff.ts'
import { findLab } from '../../lab/lab.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { count } from '../words.ts'
import { divergenceWords } from './rerun.ts'

const LONGEST = 60

export async function diff(left: string, right: string, options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const found = await withUnpacked([left, right], { ...options, results: true }, ([a, b]) =>
    diffRuns(lab, a!, b!),
  )
  const section = (title: string, changes: readonly Change[]) => {
    out.print(changes.length === 0 ? `${title}: the same` : `${title}:`)
    for (const { what, left: l, right: r } of changes) out.print(`  ${what}: ${short(l)} → ${short(r)}`)
  }
  section('asked', found.asked)
  section('code', found.code)
  section('environment', found.environment)
  const { chunksDiffering, chunks, first, leftRoot, rightRoot } = found.results
  if (found.identical) out.print(pc.green(`results: identical, root ${leftRoot}`))
  else if (chunksDiffering === null)
    out.print(pc.red('results: of different experiments; chunks cannot be compared'))
  else
    out.print(
      pc.red(
        `results: ${count(chunksDiffering)} of ${count(chunks)} chunks differ; roots ${leftRoot} → ${rightRoot}`,
      ),
    )
  if (first !== null) out.print(`  ${divergenceWords(first)}`)
  out.answer(found)
  return found.identical ? EXIT.done : EXIT.divergent
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
