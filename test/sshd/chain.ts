/**
 * Servers one behind the other, each in a network namespace of its own: the first can be reached from here, every other
 * from the one before it and from nowhere else. Their port is 22.
 */
import { spawnSync } from 'node:child_process'
import { programPath } from './program.ts'
import { type ServerOptions, type SshServer, startServer } from './server.ts'
import { type Lasting, Site } from './site.ts'

let said = false

/** False, with one loud line, where there are no namespaces to be had. */
export function namespaces(what = 'what needs hosts behind a jump host'): boolean {
  const name = `reprise-probe-${process.pid}`
  const lacking =
    programPath('ip') === null
      ? 'no ip here (iproute2)'
      : !ip('netns', 'add', name)
        ? 'network namespaces cannot be made here'
        : null
  if (lacking === null) ip('netns', 'del', name)
  else if (!said) console.log(`SKIPPING ${what}: ${lacking}`)
  said = lacking !== null
  return lacking === null
}

let links = 0

/** As many servers as there are options. Addresses are of the range for benchmarks (RFC 2544), four to a link. */
export async function startChain<Options extends readonly ServerOptions[]>(
  t: Lasting,
  each: readonly [...Options],
  site = new Site(t),
): Promise<{ [Each in keyof Options]: SshServer }> {
  const servers: SshServer[] = []
  let before: string | null = null
  const made: string[][] = []
  t.after(async () => {
    for (const server of servers) await server.stop() // while there is a network to say goodbye over
    for (const words of made.reverse()) ip(...words)
  })
  for (const options of each) {
    const link = ((process.pid % 4096) * 8 + links) % 32_768
    const [near, far] = [1, 2].map((last) => addressOf(link * 4 + last)) as [string, string]
    const id = `${process.pid}-${links++}`
    const name = `reprise-${id}`
    const within: readonly string[] = ['ip', 'netns', 'exec', name]
    const from: readonly string[] = before === null ? [] : ['-n', before]
    must('netns', 'add', name)
    made.push(['netns', 'del', name])
    must(...from, 'link', 'add', `a${id}`, 'type', 'veth', 'peer', 'name', `b${id}`, 'netns', name)
    made.push([...from, 'link', 'del', `a${id}`])
    must(...from, 'addr', 'add', `${near}/30`, 'dev', `a${id}`)
    must(...from, 'link', 'set', `a${id}`, 'up')
    must('-n', name, 'addr', 'add', `${far}/30`, 'dev', `b${id}`)
    must('-n', name, 'link', 'set', `b${id}`, 'up')
    must('-n', name, 'link', 'set', 'lo', 'up')
    servers.push(await startServer(t, { site, ...options, address: far, port: 22, within }))
    before = name
  }
  return servers as { [Each in keyof Options]: SshServer }
}

function addressOf(offset: number): string {
  return `198.${18 + (offset >> 16)}.${(offset >> 8) & 255}.${offset & 255}`
}

function ip(...words: string[]): boolean {
  return spawnSync(programPath('ip')!, words, { stdio: 'ignore' }).status === 0
}

function must(...words: string[]): void {
  const { status, stderr } = spawnSync(programPath('ip')!, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`)
}
