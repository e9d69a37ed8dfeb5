/**
 * The one test command (`npm test`): installs what the suites need where it may, checks style and types, builds,
 * and runs every test file with Node's runner, whose counts close the output. `--slow` adds the long sweeps.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const slow = process.argv.includes('--slow')

/** Programs that some suites need, and the Debian packages that have them. */
const NEEDED = {
  python3: 'python3',
  strace: 'strace',
  sqlite3: 'sqlite3',
  chromium: 'chromium',
  mpmath: 'python3-mpmath',
  cryptography: 'python3-cryptography',
  prov: 'python3-prov',
  swift: 'python3-swift',
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  csh: 'csh',
  fish: 'fish',
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

function run(command, words, options = {}) {
  return spawnSync(command, words, { cwd: root, stdio: 'inherit', ...options }).status === 0
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
    .sort()
}

install()
const checked = run('npx', ['--no-install', 'biome', 'ci', '.'])
if (!checked || !run('npx', ['--no-install', 'tsc', '-p', '.'])) process.exit(1)
const files = testFiles(join(root, 'dist/test'))
const config = mkdtempSync(join(tmpdir(), 'reprise-config-')) // the user's own key is not for tests
const env = {
  ...process.env,
  ...(slow ? { REPRISE_SLOW: '1' } : {}),
  NODE_OPTIONS: '',
  XDG_CONFIG_HOME: config,
}
const words = ['--test', '--test-reporter=spec', `--test-concurrency=2`, ...files]
const passed = run(process.execPath, words, { env })
rmSync(config, { recursive: true, force: true })
process.exit(passed ? 0 : 1)
