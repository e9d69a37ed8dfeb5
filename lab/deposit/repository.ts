/**
 * A repository that speaks InvenioRDM's REST API, as Zenodo does, and the token that opens it. The token is sent in one header, to
 * the host that the user named, over TLS or to this machine itself; it is in no URL, no message and no file of ours.
 */
import { lstatSync, readFileSync } from 'node:fs'
import { RepriseError } from '../../lib/errors.ts'

export interface Repository {
  /** `https://sandbox.zenodo.org/`, with a slash at its end. */
  readonly base: URL
  readonly token: string
}

const REMEDY = 'Give the address of the repository, such as https://zenodo.org or https://sandbox.zenodo.org'

/** The address of a repository. Throws `usage` for one without TLS that is not this machine, and for what is more than an address. */
export function repositoryAddress(text: string): URL {
  const fail = (what: string) => new RepriseError('usage', what, { subject: '--to', remedy: REMEDY })
  if (text.length > 2_000 || !URL.canParse(text)) throw fail('is no web address')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw fail('holds more than an address')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw fail('is not https: a token goes nowhere without TLS')
  url.pathname = url.pathname.replace(/\/*$/, '/').replace(/\/api\/(records\/)?$/, '/')
  return url
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Longest token that is read. */
const MOST = 4_096

/** The user's token, from a file that nobody else can read, else from REPRISE_DEPOSIT_TOKEN. Throws `usage` or `refused`. */
export function readToken(file: string | undefined, environment: string | undefined): string {
  if (file !== undefined) return checked(tokenIn(file), file)
  if (environment !== undefined && environment !== '') return checked(environment, 'REPRISE_DEPOSIT_TOKEN')
  throw new RepriseError('usage', 'there is no token', {
    subject: 'deposit',
    remedy:
      'Make one in the settings of your account there (Applications, personal access tokens; on Zenodo with deposit:write and, to publish, deposit:actions), and give it as --token-file FILE or in REPRISE_DEPOSIT_TOKEN',
  })
}

function tokenIn(path: string): string {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there?.isFile() !== true || there.size > MOST)
    throw new RepriseError('usage', there === undefined ? 'is not there' : 'is no file with a token', {
      subject: path,
      remedy: 'Name a file that holds the token and nothing else',
    })
  if (process.platform !== 'win32' && (there.mode & 0o077) !== 0)
    throw new RepriseError('refused', 'can be read by others', {
      subject: path,
      remedy: `Make it yours alone (chmod 600 ${path}); if others were there, make a new token`,
    })
  return readFileSync(path, 'utf8')
}

/** What could be a token: nothing in it can end a header. What is said of one that is none does not show it. */
function checked(text: string, subject: string): string {
  const token = text.trim()
  if (/^[\x21-\x7e]{1,4096}$/.test(token)) return token
  throw new RepriseError('usage', 'holds no token', {
    subject,
    remedy: 'A token is one word of letters, digits and signs',
  })
}
