/** `~`, `%` and `${…}` in the paths of ssh's configuration, which `ssh -G` hands on as they were written. Pure. */

export interface Tokens {
  /** The user's home folder here. */
  readonly home: string
  readonly localUser: string
  readonly localHost: string
  readonly uid: number
  /** As written on the command line; as reached; by which its key is known. */
  readonly written: string
  readonly hostname: string
  readonly keyAlias: string
  readonly port: number
  readonly user: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Null when the path names a variable that is not set or a token that ssh does not have. */
export function expandPath(path: string, tokens: Tokens): string | null {
  const { home, localUser, localHost, uid, written, hostname, keyAlias, port, user, env } = tokens
  const letters: Readonly<Record<string, string>> = {
    '%': '%',
    d: home,
    h: hostname,
    i: String(uid),
    j: '',
    k: keyAlias,
    L: localHost.split('.')[0]!,
    l: localHost,
    n: written,
    p: String(port),
    r: user,
    u: localUser,
  }
  let lacking = false
  const value = (found: string | undefined) => {
    lacking ||= found === undefined
    return found ?? ''
  }
  const expanded = path.replace(/%(.?)|\$\{([^}]*)\}/gs, (_, letter?: string, name?: string) =>
    value(name === undefined ? letters[letter ?? ''] : env[name]),
  )
  return lacking ? null : expanded.replace(/^~(?=\/|$)/, () => home)
}

/** Several paths on one line, with nothing around those that hold blanks: each begins with `/` or `~`. */
export function splitPaths(line: string): string[] {
  return line.split(/ (?=[/~]|none$)/).filter((path) => path !== '' && path !== 'none')
}
