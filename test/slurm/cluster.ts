/**
 * A real Slurm for tests: munged, slurmctld and some slurmd, all on this machine, on ports and in a folder of their own, so that
 * several can be there at once and none meets one that the machine has itself. Everything goes by `env`: with it, sbatch and the
 * others speak with this cluster. It is up when `startSlurm` settles, and gone, with all that it started, after the test.
 *
 *     const slurm = await startSlurm(t, { nodes: 2, cpus: 2, maxArraySize: 1001 })
 *     slurm.ask('sbatch', '--parsable', 'job.sh')        what a program of Slurm's prints; throws with what it complains of
 *     slurm.setNode('n1', 'down')                         …'resume'; slurm.requeue('12_3'), slurm.cancel('12_3')
 *     slurm.arrays(), slurm.tasks('RUNNING')              ['12'], ['12_3', …]
 *     slurm.stopController(), slurm.killNode('n2')        and startController, startNode
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { processesWith, signal, until } from '../sshd/processes.ts'
import { programPath } from '../sshd/program.ts'
import type { Lasting } from '../sshd/site.ts'
import { type AccountingPorts, prepareAccounting } from './accounting.ts'
import { nodeNames, type SlurmSettings, slurmConf } from './configuration.ts'

export { accountingAvailable, available } from './available.ts'

/** Starts a cluster; it ends when the test is over. */
export async function startSlurm(t: Lasting, settings: SlurmSettings = {}): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-slurm-'))
  const cluster = new SlurmCluster(folder, settings)
  t.after(async () => {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  await cluster.start()
  return cluster
}

export class SlurmCluster {
  readonly folder: string
  readonly nodes: readonly string[]
  /** What programs need in their environment to speak with it. */
  readonly env: { readonly SLURM_CONF: string }
  readonly #settings: SlurmSettings
  readonly #daemons = new Map<string, ChildProcess>()

  constructor(folder: string, settings: SlurmSettings) {
    this.folder = folder
    this.#settings = settings
    this.nodes = nodeNames(settings)
    this.env = { SLURM_CONF: join(folder, 'slurm.conf') }
  }

  async start(): Promise<void> {
    const { folder } = this
    const [controller, database, slurmdbd, ...nodes] = await freePorts(3 + this.nodes.length)
    const { accounting = false } = this.#settings
    const ports = { controller: controller!, nodes, accounting: accounting ? slurmdbd! : null }
    for (const name of ['munge', 'state', 'spool']) mkdirSync(join(folder, name), { mode: 0o755 })
    writeFileSync(this.env.SLURM_CONF, slurmConf(folder, ports, this.#settings))
    await this.#startMunge()
    if (accounting) await this.#startAccounting({ database: database!, slurmdbd: slurmdbd! })
    this.#start('slurmctld', 'slurmctld', ['-D', '-c'])
    for (const name of this.nodes) this.#start(name, 'slurmd', ['-D', '-N', name])
    await this.#nodesToBeIdle(this.nodes)
  }

  /** What a program of Slurm's prints. Throws with what it complains of. */
  ask(program: string, ...words: readonly string[]): string {
    const { status, stdout, stderr, error } = this.attempt(program, ...words)
    if (error !== undefined) throw error
    if (status !== 0) throw new Error(`${program} ${words.join(' ')}: exit ${status}\n${stderr}`)
    return stdout
  }

  attempt(program: string, ...words: readonly string[]) {
    const env = { PATH: process.env.PATH, ...this.env }
    return spawnSync(programPath(program) ?? program, words, { encoding: 'utf8', env, cwd: this.folder })
  }

  setNode(name: string, state: 'down' | 'resume' | 'drain'): void {
    const why = state === 'resume' ? [] : ['reason=test']
    this.ask('scontrol', 'update', `nodename=${name}`, `state=${state}`, ...why)
  }

  /** Starts a task (`12_3`), or all of an array, again. */
  requeue(job: string): void {
    this.ask('scontrol', 'requeue', job)
  }

  cancel(job: string): void {
    this.ask('scancel', job)
  }

  /** Ids of all arrays that the controller knows, ascending. */
  arrays(): string[] {
    const ids = this.ask('squeue', '--noheader', '--states=all', '--format=%F').split('\n')
    return [...new Set(ids.filter((id) => id !== ''))].sort((a, b) => Number(a) - Number(b))
  }

  /** Tasks, such as `12_3`, that are in a state: RUNNING, PENDING, COMPLETED …; in any when not given. */
  tasks(state = 'all'): string[] {
    const text = this.ask('squeue', '--noheader', '--array', `--states=${state}`, '--format=%F_%K')
    return text.split('\n').filter((line) => line !== '')
  }

  /** Questions go unanswered from now on; what runs goes on. */
  async stopController(): Promise<void> {
    await this.#end('slurmctld', 'SIGTERM')
  }

  async startController(): Promise<void> {
    this.#start('slurmctld', 'slurmctld', ['-D'])
    await until('the controller to answer', () => this.attempt('scontrol', 'ping').status === 0)
  }

  /** As if its power was gone: its slurmd, and all that it started. */
  async killNode(name: string): Promise<void> {
    await this.#end(name, 'SIGKILL')
    await until(`${name} to be gone`, () => {
      const left = [`REPRISE_TEST_NODE=${name}`, `SLURMD_NODENAME=${name}`].flatMap(processesWith)
      const own = left.filter((pid) => this.processes().includes(pid))
      for (const pid of own) signal(pid, 'SIGKILL')
      return own.length === 0
    })
  }

  async startNode(name: string): Promise<void> {
    this.#start(name, 'slurmd', ['-D', '-N', name])
    await this.#nodesToBeIdle([name])
  }

  /** Its daemons and all that they started, and whatever else has its `env`. */
  processes(): number[] {
    return processesWith(`SLURM_CONF=${this.env.SLURM_CONF}`)
  }

  /** Ends it with all that it started. */
  async stop(): Promise<void> {
    for (const name of [...this.#daemons.keys()]) await this.#end(name, 'SIGKILL')
    await until('what it started to end', () => {
      const left = this.processes()
      for (const pid of left) signal(pid, 'SIGKILL')
      return left.length === 0
    })
  }

  async #startMunge(): Promise<void> {
    const place = (name: string) => join(this.folder, 'munge', name)
    writeFileSync(place('key'), randomBytes(128), { mode: 0o400 })
    const files = ['socket', 'pid-file', 'seed-file'].map((name) => `--${name}=${place(name)}`)
    this.#start('munge', 'munged', ['--foreground', '--force', `--key-file=${place('key')}`, ...files])
    await until('munge to listen', () => /Created socket/.test(this.#logOf('munge')))
  }

  /** With what users need to be let in where limits are enforced. */
  async #startAccounting(ports: AccountingPorts): Promise<void> {
    this.#start('mariadbd', 'mariadbd', prepareAccounting(this.folder, ports))
    await until('the database to be ready', () => /ready for connections/.test(this.#logOf('mariadbd')))
    this.startAccounting()
    const user = userInfo().username
    const words = [
      ['cluster', 'scratch'],
      ['account', 'test'],
      ['user', user, 'account=test'],
    ]
    for (const each of words)
      await until(`sacctmgr to add ${each[0]}`, () => {
        const { status, stdout } = this.attempt('sacctmgr', '--immediate', 'add', ...each)
        return status === 0 || /already exist|Nothing new/i.test(stdout)
      })
  }

  /** From now on sacct goes unanswered; the controller goes on, and tells what it has to tell later. */
  async stopAccounting(): Promise<void> {
    await this.#end('slurmdbd', 'SIGTERM')
  }

  startAccounting(): void {
    this.#start('slurmdbd', 'slurmdbd', ['-D'])
  }

  #start(name: string, program: string, words: readonly string[]): void {
    const log = join(this.folder, `${name}.out`)
    writeFileSync(log, '', { flag: 'a' })
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...this.env, REPRISE_TEST_NODE: name }
    const daemon = spawn(programPath(program)!, words, {
      env,
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [daemon.stdout, daemon.stderr])
      stream.on('data', (bytes: Buffer) => writeFileSync(log, bytes, { flag: 'a' }))
    this.#daemons.set(name, daemon)
  }

  async #nodesToBeIdle(names: readonly string[]): Promise<void> {
    await until(`nodes ${names.join(', ')} to be idle`, () => {
      for (const [name, { exitCode }] of this.#daemons)
        if (exitCode !== null) throw new Error(`${name}: exit ${exitCode}\n${this.#logOf(name)}`)
      const { stdout } = this.attempt('sinfo', '--noheader', '--Node', '--format=%N %T')
      return names.every((name) => stdout.split('\n').some((line) => line.trim() === `${name} idle`))
    })
  }

  #logOf(name: string): string {
    return readFileSync(join(this.folder, `${name}.out`), 'utf8').slice(-4000)
  }

  async #end(name: string, how: NodeJS.Signals): Promise<void> {
    const daemon = this.#daemons.get(name)
    this.#daemons.delete(name)
    if (daemon?.pid === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return
    const gone = new Promise((resolve) => daemon.once('exit', resolve))
    signal(daemon.pid, how)
    await gone
  }
}

/** Below those that the system gives to whoever asks for any. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = 12_000 + (randomBytes(4).readUInt32BE() % 20_000)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}
