/** The rows in which a record's experiment, conduct and engines are told: by `show`, and on the pages of reports. */
import { type Design, pointCount } from '../lib/design.ts'
import { chunkCount, jobCount } from '../lib/document.ts'
import { environmentNames } from '../lib/environment.ts'
import type { Executed, Manifest, RunRecord, Session } from '../provenance/manifest.ts'
import { several } from './words.ts'

/** Engines and their environments; where there are several, which share of the chunks each executed. */
export function executedWords(session: Session | undefined, executed: readonly Executed[]): string {
  const engines = session === undefined ? '' : `${session.runner}, ${several(session.engines, 'engine')}, `
  const [only] = executed
  if (executed.length > 1) return `${engines}${several(executed.length, 'environment')}: ${shares(executed)}`
  const { node, os = '', arch = '' } = only?.environment ?? session?.environment ?? { node: 'unknown' }
  return `${engines}Node ${node}, ${os} ${arch}`.trimEnd()
}

/** `Node v20.20.2 x64 (60 chunks), Node v22.23.3 x64 (20 chunks)`. */
export function shares(executed: readonly Executed[]): string {
  const names = environmentNames(executed.map(({ environment }) => environment))
  return executed.map(({ chunks }, i) => `${names[i]} (${several(chunks, 'chunk')})`).join(', ')
}

export function planRows({ document, hash }: Manifest['experiment']): string[][] {
  return [
    ['experiment', `${document.name}  ${hash}`],
    [
      'asked',
      `${several(pointCount(document.design), 'point')} × ${several(document.repetitions, 'repetition')} = ${several(jobCount(document), 'job')} in ${several(chunkCount(document), 'chunk')} of ${document.chunk}`,
    ],
    ['design', designWords(document.design)],
    [
      'random',
      `${document.random}${document.seed === null ? '' : `, seed ${JSON.stringify(document.seed)}`}`,
    ],
  ]
}

/** How the jobs were treated, and what they touched all the same. */
export function conductRows(run: Partial<Pick<RunRecord, 'math' | 'guard' | 'touched'>>): string[][] {
  const { math = 'native', guard = 'off', touched = [] } = run
  const words = touched.map(({ kind, name, caller, place }) => [
    'touched',
    `${name} (${kind})${caller === '' ? '' : ` by ${caller}`} at ${place}`,
  ])
  return [['conduct', `Math ${math}, guard ${guard}`], ...words]
}

function designWords(design: Design): string {
  if ('points' in design) return `${several(design.points.length, 'listed point')}`
  const factors = 'zip' in design ? design.zip : design.product
  const words = factors.map(({ name, values }) => {
    const list = values.map((value) => JSON.stringify(value))
    return `${name} ∈ {${list.length > 6 ? [...list.slice(0, 3), '…', list.at(-1)].join(', ') : list.join(', ')}}`
  })
  return words.length === 0 ? '(no parameters)' : words.join('zip' in design ? ' with ' : ' × ')
}
