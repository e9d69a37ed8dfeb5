/**
 * What an array runner asks to be remembered (Sink.taken), so that after a restart nothing is told twice: a part, with the
 * engines that it was the first to tell of; a task that was told to be over. Words of another form are of later versions.
 */
import { PART } from './layout.ts'

/** A number under which an engine was told, and its number in the parts of its task. */
export type Numbered = readonly [inPart: number, told: number]

export type Word =
  | {
      readonly about: 'part'
      readonly key: string
      /** Chunks in it. */
      readonly chunks: number
      readonly engines: readonly Numbered[]
    }
  | { readonly about: 'task'; readonly array: number; readonly index: number }

export function wordOf(word: Word): string {
  if (word.about === 'task') return `task ${word.array} ${word.index}`
  const engines = word.engines.map(([inPart, told]) => `${inPart}:${told}`).join(',')
  return `part ${word.key} ${word.chunks} ${engines}`
}

export function readWord(text: string): Word | null {
  const task = /^task (\d{1,9}) (\d{1,9})$/.exec(text)
  if (task !== null) return { about: 'task', array: Number(task[1]), index: Number(task[2]) }
  const part = /^part (\S+) (\d{1,9}) ((?:\d{1,9}:\d{1,9}(?:,(?=\d)|$))*)$/.exec(text)
  if (part === null || !PART.test(part[1]!)) return null
  const pairs = part[3] === '' ? [] : part[3]!.split(',')
  const engines = pairs.map((pair) => pair.split(':').map(Number) as [number, number])
  return { about: 'part', key: part[1]!, chunks: Number(part[2]), engines }
}
