/** What esbuild says of a capsule, in the words of Reprise: one line with the place, what is wrong, what to do. */
import type { Message } from 'esbuild'
import { RepriseError } from '../lib/errors.ts'

/** Whether it speaks of the user's own files. */
export function isOurs(message: Message): boolean {
  return /^capsule:(experiment|outside)\//.test(message.location?.file ?? '')
}

const ADVICE = [
  [/^Could not resolve/, 'Install the package, or mend the path'],
  [
    /"capsule:reprise\/.*for import "open"$/,
    'It is for programs that submit experiments: keep those in a file of their own',
  ],
] as const

/** esbuild's first message as one line: where, what, what to do. */
export function fromMessage(message: Message, remedy: string): RepriseError {
  if (message.detail instanceof RepriseError) return message.detail
  const { location, text } = message
  const where =
    location === null
      ? ''
      : `${location.file.replace(/^capsule:(experiment\/)?/, '')}:${location.line}:${location.column + 1}`
  const advice = remedy !== '' ? remedy : (ADVICE.find(([about]) => about.test(text))?.[1] ?? '')
  return new RepriseError('capsule', plainly(text), {
    subject: where,
    remedy: advice === '' ? 'Mend it and run again' : advice,
  })
}

/** esbuild's words without what only Reprise knows: `reprise` for its own module, the user's files by their names. */
function plainly(text: string): string {
  return text
    .replace(/\. You can mark the path[\s\S]*$/, '')
    .replaceAll('"capsule:reprise/lib/index.js"', '"reprise"')
    .replace(/"capsule:(experiment\/)?/g, '"')
}
