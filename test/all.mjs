/**
 * The one test command (`npm test`): installs what the suites need where it may, checks style and types, builds,
 * and runs every test file with Node's runner, whose counts close the output. `--slow` adds the long sweeps.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { run as runTests } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const slow = process.argv.includes('--slow')

/** Programs that some suites need, and the Debian packages that have them. */
const NEEDED = {
  python3: 'python3',
  openssl: 'openssl',
  qpdf: 'qpdf',
  pdfdetach: 'poppler-utils',
  pdflatex: 'texlive-latex-recommended',
  strace: 'strace',
  sqlite3: 'sqlite3',
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  mpmath: 'python3-mpmath',
  cryptography: 'python3-cryptography',
  prov: 'python3-prov',
  swift: 'python3-swift',
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  csh: 'csh',
  fish: 'fish',
  zsh: 'zsh',
  sbatch: 'slurm-wlm',
  slurmctld: 'slurm-wlm',
  slurmd: 'slurm-wlm',
  munged: 'munge',
  slurmdbd: 'slurmdbd',
  'mariadb-install-db': 'mariadb-server-core',
  my_print_defaults: 'mariadb-client-core',
}

/** Where Debian keeps servers, in no user's PATH. */
const SERVERS = '/usr/sbin'

/** What is a module of Python's and no program. */
const MODULES = ['mpmath', 'cryptography', 'prov', 'swift']

/** Files at once: more than there are processors, for many tests wait for servers, and one that waits leaves them to others. */
const AT_ONCE = 4

/** What lasts longest, and so begins first: else the last of them would go on alone. Real Slurm and sshd mostly wait. */
const LONG = [
  ...[
    'readme',
    'docs/pages',
    'runners/slurm/ends',
    'lab/crash',
    'conformance/slurm',
    'cli/laws',
    'cli/slurm/run',
    'cli/ledger',
  ],
  ...['cli/detach', 'runners/array/runner', 'cli/detached-cluster', 'runners/slurm/engine', 'cli/follow'],
  ...[
    'conformance/local',
    'conformance/cluster',
    'conformance/array',
    'conformance/ssh',
    'cli/runtime',
    'cli/plan',
  ],
  ...['cli/refusals', 'cli/check', 'cli/failures', 'cli/audited', 'cli/export', 'cli/bundle', 'cli/hostile'],
  ...[
    'golden/tampered',
    'format',
    'runners/array/task',
    'runners/slurm/accounted',
    'runners/detached/far-array',
  ],
]

function run(command, words, options = {}) {
  return spawnSync(command, words, { cwd: root, stdio: 'inherit', ...options }).status === 0
}

/** The same, beside others. */
function beside(command, words) {
  const child = spawn(command, words, { cwd: root, stdio: 'inherit' })
  return new Promise((resolve) =>
    child.on('error', () => resolve(false)).on('close', (code) => resolve(code === 0)),
  )
}

function has(program) {
  if (MODULES.includes(program)) {
    const python = ['python3', '/usr/bin/python3'] // Debian's own need not be the first in the path
    return python.some((name) => spawnSync(name, ['-c', `import ${program}`]).status === 0)
  }
  return [...(process.env.PATH ?? '').split(':'), SERVERS].some((folder) => existsSync(join(folder, program)))
}

function install() {
  const missing = Object.keys(NEEDED).filter((program) => !has(program))
  if (missing.length === 0) return
  if (process.getuid?.() === 0 && has('apt-get')) {
    const packages = [...new Set(missing.map((program) => NEEDED[program]))]
    console.log(`installing ${packages.join(', ')} for the tests`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] }
    run('apt-get', ['update', '-qq'], quiet) &&
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet)
  }
  for (const program of missing.filter((name) => !has(name)))
    console.log(`SKIPPING what needs ${program}: it is not here and could not be installed`)
}

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.test\.js$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => placeOf(folder, a) - placeOf(folder, b) || (a < b ? -1 : 1))
}

/** When a test file begins. */
function placeOf(folder, file) {
  const place = LONG.indexOf(relative(folder, file).replace(/\.test\.js$/, ''))
  return place < 0 ? LONG.length : place
}

/** Whether all tests of these files pass; the counts close the output. */
function test(files) {
  return new Promise((resolve) => {
    let passed = true
    const events = runTests({ files, concurrency: AT_ONCE })
    events.on('test:fail', ({ todo }) => {
      if (todo === undefined || todo === false) passed = false
    })
    const words = events.compose(new spec())
    words.on('end', () => resolve(passed))
    words.pipe(process.stdout)
  })
}

install()
const checks = [
  beside('npx', ['--no-install', 'biome', 'ci', '.']),
  beside('npm', ['run', '--silent', 'build']),
]
if (!(await Promise.all(checks)).every(Boolean)) process.exit(1)
const files = testFiles(join(root, 'dist/test'))
const config = mkdtempSync(join(tmpdir(), 'reprise-config-')) // the user's own key is not for tests
Object.assign(process.env, {
  NODE_OPTIONS: '',
  XDG_CONFIG_HOME: config,
  REPRISE_TEST_CACHE: join(config, 'cache'), // the digest of Node, which is read once for all tests of the command line
  ...(slow ? { REPRISE_SLOW: '1' } : {}),
})
const passed = await test(files)
rmSync(config, { recursive: true, force: true })
process.exitCode = passed ? 0 : 1
