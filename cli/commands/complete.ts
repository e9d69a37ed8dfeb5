/** `reprise complete -- WORD…`, which shells ask: what could be typed in place of the last word. It says nothing where anything is wrong. */
import { findLab, listRuns, type RunFolder } from '../../lab/lab.ts'
import { readPlan } from '../../lab/results.ts'
import { type Candidate, type Candidates, candidatesFor, fitting } from '../candidates.ts'
import { EXIT } from '../exit.ts'
import { program } from '../program.ts'
import { write } from '../terminal.ts'
import { nameWords, oneLine } from '../words.ts'

/** Runs that are looked at, the newest first: each costs about a millisecond. */
const MOST = 200

export async function complete(words: readonly string[]): Promise<number> {
  const { values, files } = found(words)
  const lines = values.map(({ value, about }) => `${value}\t${oneLine(about).slice(0, 120)}\n`)
  await write(`${lines.join('')}${files ? ':files\n' : ''}`)
  return EXIT.done
}

function found(words: readonly string[]): Candidates {
  try {
    return fitting(candidatesFor(program, words, runsBeginning), words.at(-1) ?? '')
  } catch {
    return { values: [], files: true } // a broken lab is not told of in the middle of a line
  }
}

/** By id, or by the name of the experiment. */
function runsBeginning(text: string): Candidate[] {
  const runs = listRuns(findLab(process.cwd())).slice(-MOST).reverse()
  const byId = runs.filter(({ id }) => id.startsWith(text))
  const named = (byId.length > 0 ? byId : runs).flatMap((run) => {
    const name = nameOf(run)
    if (byId.length === 0 && name?.startsWith(text) !== true) return []
    return [{ value: run.id, about: name === null ? '' : nameWords(name) }]
  })
  const last = runs.length > 0 && text.startsWith('@') ? [{ value: '@last', about: 'the newest run' }] : []
  return [...last, ...named]
}

function nameOf(run: RunFolder): string | null {
  try {
    return readPlan(run).experiment.document.name
  } catch {
    return null
  }
}
