/** Servers that let anybody in and then say nothing: what no OpenSSH does while it is well, and any may when it is not. */
import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import ssh2 from 'ssh2'
import type { SshHost } from '../../../runners/ssh/profile.ts'
import { type Lasting, Site } from '../../sshd/site.ts'

/** What it was asked and has not answered so far: `connect`, `exec`, `forward`. */
export interface Silent {
  readonly site: Site
  readonly host: SshHost
  readonly asked: string[]
  /** How many have connected. */
  connections(): number
}

/** An ssh server, or one of TCP alone, on a free port of the loopback; known to the site. */
export async function startSilent(t: Lasting, speaks: 'ssh' | 'tcp' = 'ssh'): Promise<Silent> {
  const site = new Site(t)
  const asked: string[] = []
  const sockets = new Set<Socket>()
  let count = 0
  const hostKey = site.newKey('host')
  const ssh = new ssh2.Server({ hostKeys: [readFileSync(hostKey)] }, (client) => {
    client.on('error', () => {})
    client.on('authentication', (how) =>
      how.method === 'publickey' ? how.accept() : how.reject(['publickey']),
    )
    client.on('tcpip', () => asked.push('forward'))
    client.on('session', (accept) => accept().on('exec', () => asked.push('exec')))
  })
  const server = createServer((socket) => {
    count += 1
    sockets.add(socket.on('error', () => {}))
    if (speaks === 'ssh') ssh.injectSocket(socket)
    else asked.push('connect')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as { port: number }
  const [type, base64] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ')
  site.enter({ address: '127.0.0.1', port, keys: [`${type} ${base64}`] })
  return { site, host: { host: '127.0.0.1', port }, asked, connections: () => count }
}
