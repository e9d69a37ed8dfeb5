/** What a repository said no to, in its own words, as an error with what to do next. Nothing in it can be the token. */
import { RepriseError } from '../../lib/errors.ts'
import type { Answer } from './ask.ts'
import type { Repository } from './repository.ts'

const REMEDIES: Readonly<Record<number, string>> = {
  400: 'Correct .zenodo.json and deposit again: the draft is kept',
  401: 'The token is not known there: it may be of another site (sandbox and Zenodo have their own), or have ended',
  403: 'The token may not do this: on Zenodo it needs the scopes deposit:write and, to publish, deposit:actions',
  404: 'See whether this is the address of an InvenioRDM repository, and whether the draft is still there',
  413: 'A file or all of them are larger than the repository takes',
}

/** The error for an answer to `what`. */
export function refusal({ status, body }: Answer, what: string, repository: Repository): RepriseError {
  const said = wordsOf(body)
  return new RepriseError(
    status >= 500 ? 'storage' : 'refused',
    `${what} was answered with ${status}${said === '' ? '' : `: ${withoutToken(said, repository)}`}`,
    { subject: repository.base.origin, remedy: REMEDIES[status] ?? 'Try again later; the draft is kept' },
  )
}

/** Longest that is shown of what was said. */
const MOST = 600

/** `{"message": …, "errors": [{"field": …, "messages": […]}]}`, as far as it is that. */
function wordsOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  const { message, errors } = body as Record<string, unknown>
  return cut([...(typeof message === 'string' ? [message] : []), ...fieldWords(errors)].join('; '))
}

/** What a repository says of a draft's metadata while it takes it: it could not be published so. */
export function draftProblems(body: unknown, repository: Repository): string[] {
  const { errors } = (body ?? {}) as Record<string, unknown>
  return fieldWords(errors)
    .filter((words) => words.startsWith('metadata'))
    .map((words) => withoutToken(cut(words), repository))
}

function fieldWords(errors: unknown): string[] {
  return (Array.isArray(errors) ? errors : []).flatMap((error: unknown) => {
    const { field, messages } = (error ?? {}) as Record<string, unknown>
    return typeof field === 'string' ? [`${field}: ${[messages].flat().map(String).join(' ')}`] : []
  })
}

function cut(words: string): string {
  return words.replace(/\s+/g, ' ').slice(0, MOST)
}

/** A repository may say what it was sent. */
function withoutToken(words: string, { token }: Repository): string {
  return words.replaceAll(token, '…').replaceAll(encodeURIComponent(token), '…')
}
