/**
 * Where a repository can be had, as far as it may be told: addresses without user, password, token, query and
 * fragment. Paths of this machine are left out: they would tell a home folder and help nobody. So are addresses of
 * transport helpers (`ext::…`), which are commands.
 */
export interface Remote {
  readonly name: string
  readonly url: string
}

const MOST = 20
const LONGEST = 1_000
const SCHEME = /^(https?|ssh|git|ftps?|git\+ssh|ssh\+git|git\+https?):\/\//i

/** The remotes among a repository's settings, in the order of their names. */
export function remotesOf(settings: readonly (readonly [name: string, value: string])[]): Remote[] {
  const found = settings.flatMap(([key, value]) => {
    const name = /^remote\.(.+)\.url$/s.exec(key)?.[1]
    const url = publicUrl(value)
    return name === undefined || url === null || name.length > LONGEST ? [] : [{ name, url }]
  })
  const unique = new Map(found.map((remote) => [`${remote.name}\n${remote.url}`, remote]))
  return [...unique]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, remote]) => remote)
    .slice(0, MOST)
}

/** An address without what is nobody's business, or null where nothing of it may be told. */
export function publicUrl(address: string): string | null {
  if (/^[^/]*:\/\/[^/]*[?#]/.test(address)) return null // a password with such a character?
  const bare = address.trim().replace(/[?#].*$/s, '')
  if (bare === '' || bare.length > LONGEST) return null
  return SCHEME.test(bare) ? withoutUser(bare) : scpLike(bare)
}

/** The user ends at the last `@` before the path. */
function withoutUser(url: string): string | null {
  const [, scheme = '', authority = '', path = ''] = /^([^:]+):\/\/([^/]*)(.*)$/s.exec(url) ?? []
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  if (!/^(\[[0-9a-f:.]+\]|[^\s\\:@[\]]+)(:\d*)?$/i.test(host)) return null
  return `${scheme.toLowerCase()}://${host}${path}`
}

/** `user@host:path`; not a path, nor a drive's letter, nor a helper's address. */
function scpLike(text: string): string | null {
  const slash = text.indexOf('/')
  const before = slash < 0 ? text : text.slice(0, slash)
  const from = before.lastIndexOf('@') + 1
  const [, host = '', path = ''] =
    /^(\[[0-9a-f:.]+\]|[^\s\\:@/[\]]{2,}):(?!:)(.+)$/is.exec(text.slice(from)) ?? []
  return host === '' || path.startsWith('//') ? null : `${host}:${path}`
}
