/** What esbuild says of a capsule, in the words of Reprise: one line with the place, what is wrong, what to do. */
import type { Message } from 'esbuild'
import { RepriseError } from '../lib/errors.ts'

/** Whether it speaks of the user's own files. */
export function isOurs(message: Message): boolean {
  return /^capsule:(experiment|outside)\//.test(message.location?.file ?? '')
}

/** esbuild's first message as one line: where, what, what to do. */
export function fromMessage(message: Message, remedy: string): RepriseError {
  if (message.detail instanceof RepriseError) return message.detail
  const { location, text } = message
  const where =
    location === null
      ? ''
      : `${location.file.replace(/^capsule:(experiment\/)?/, '')}:${location.line}:${location.column + 1}`
  const advice =
    remedy !== '' || !text.startsWith('Could not resolve') ? remedy : 'Install the package, or mend the path'
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
