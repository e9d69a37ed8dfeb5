/**
 * The hosts of a cluster whose configuration names a program that says them: a cloud's own command, terraform, a script.
 * It is executed as it stands there, word by word and by no shell, in the project's folder where the project names it
 * and else in the user's home. It has the user's environment, since what it asks wants credentials; nothing that it says is kept.
 */
import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import { printable } from '../runners/ssh/failures.ts'
import { type AskedProfile, isAsked, type SshHost, type SshProfile } from '../runners/ssh/profile.ts'
import { boundedText, endOf } from './bounded-program.ts'
import type { Cluster, Finding } from './clusters.ts'
import { shownPath } from './config.ts'
import { readHosts } from './host-answer.ts'

/** How long it may take, ms; terraform may have to ask where its state is. */
const PATIENCE_MS = 60_000
/** How much it may say, characters. */
const LONGEST = 2 ** 20
/** What it complains of is read so far, characters. */
const COMPLAINT = 2 ** 14
const SHOWN = 200

/** As it was written, for people: what would end a line or move a cursor is not in it. */
export function shownCommand({ hosts: { command } }: AskedProfile): string {
  const words = printable(
    command.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word))).join(' '),
  )
  return words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words
}

/** The hosts as the program says them now. Throws `usage` where it says none that can be read; the signal ends it. */
export async function askHosts(
  { name, profile, owner, path }: Cluster<AskedProfile>,
  signal?: AbortSignal,
): Promise<SshHost[]> {
  const subject = `the hosts of cluster ${name}`
  const [program, ...words] = profile.hosts.command
  const unusable = (what: string) =>
    new RepriseError('usage', `${shownCommand(profile)}: ${what}`, {
      subject,
      remedy: `Execute it in ${folderOf(owner, path)} and see; its answer must be a list of hosts in JSON`,
    })
  const child = spawn(program!, words, {
    cwd: folderOf(owner, path),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, to be ended as a whole
  })
  const said = boundedText(child.stdout, LONGEST)
  const complained = boundedText(child.stderr, COMPLAINT)
  const missing = { program: false }
  child.once('error', ({ code }: NodeJS.ErrnoException) => {
    missing.program = code === 'ENOENT'
  })
  const how = await endOf(child, PATIENCE_MS, signal)
  const [answer, complaint] = await Promise.all([said.end(), complained.end()])
  signal?.throwIfAborted()
  if (missing.program) throw unusable('there is no such program')
  if (how !== null) throw unusable(`${how}${complaintIn(complaint)}`)
  if (answer.length > LONGEST) throw unusable(`its answer is longer than ${LONGEST} characters`)
  return readHosts(answer, { profile, owner, subject: `${subject}, by ${shownCommand(profile)}` })
}

function folderOf(owner: Cluster['owner'], path: string): string {
  return owner === 'project' ? dirname(path) : homedir()
}

/** The line that says most, as far as can be told; nothing where there is none. */
function complaintIn(text: string): string {
  const lines = text
    .split('\n')
    .map(printable)
    .filter((line) => /\w/.test(line))
  const line = lines.find((each) => /error/i.test(each)) ?? lines.at(-1)
  return line === undefined ? '' : `: ${line}`
}

/** The cluster with the hosts of this moment. */
export function withHosts(
  { profile, ...cluster }: Cluster<AskedProfile>,
  hosts: readonly SshHost[],
): Cluster<SshProfile> {
  return { ...cluster, profile: { ...profile, hosts } }
}

/**
 * The cluster with fixed hosts: those that it has, or that its program says now. A project's program is executed only where
 * it may be, and `tell` is told before. Throws `refused` where it may not, and what `askHosts` throws.
 */
export async function settled(
  cluster: Cluster<SshProfile | AskedProfile>,
  { tell, execute = true }: Pick<Finding, 'tell' | 'execute'> = {},
): Promise<Cluster<SshProfile>> {
  if (!isAskedCluster(cluster)) return cluster as Cluster<SshProfile>
  const { name, owner, path, profile } = cluster
  if (owner === 'project') {
    if (!execute)
      throw new RepriseError('refused', 'has hosts that a program of the project says', {
        subject: `cluster ${name}`,
        remedy: `${shownCommand(profile)}, of ${shownPath(path)}, is not executed for this: put the cluster into your own configuration`,
      })
    tell?.(`${shownPath(path)} has ${shownCommand(profile)} executed: it says which hosts there are`)
  }
  return withHosts(cluster, await askHosts(cluster))
}

export function isAskedCluster(cluster: Cluster): cluster is Cluster<AskedProfile> {
  return cluster.profile.kind === 'ssh' && isAsked(cluster.profile)
}

/** Throws `usage` for a cluster none of whose hosts leads, since they come and go. */
export function demandFixed(cluster: Cluster<SshProfile | AskedProfile>): Cluster<SshProfile> {
  if (!isAskedCluster(cluster)) return cluster as Cluster<SshProfile>
  throw new RepriseError('usage', 'has hosts that come and go, none of which can lead a run without us', {
    subject: `cluster ${cluster.name}`,
    remedy: `Leave out --detach and let this machine lead it; or name a cluster whose hosts stay`,
  })
}
