/** What goes over the line: bytes up and down on all connections of a client, with headers, and before encryption. */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'

/** Bytes so far. */
export interface Traffic {
  readonly up: number
  readonly down: number
}

/** Connections at once. */
const MOST = 32

export function countedAgents(): {
  readonly agents: { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent }
  readonly traffic: Traffic
} {
  const open = new Set<Socket>()
  const closed = { up: 0, down: 0 }
  const watched = <A extends HttpAgent>(agent: A): A => {
    const connect = agent.createConnection.bind(agent)
    agent.createConnection = (options, told) => {
      const socket = connect(options, told) as Socket
      open.add(socket)
      socket.once('close', () => {
        open.delete(socket)
        closed.up += socket.bytesWritten
        closed.down += socket.bytesRead
      })
      return socket
    }
    return agent
  }
  const sum = (of: 'bytesWritten' | 'bytesRead') => {
    let bytes = 0
    for (const socket of open) bytes += socket[of]
    return bytes
  }
  const traffic = {
    get up() {
      return closed.up + sum('bytesWritten')
    },
    get down() {
      return closed.down + sum('bytesRead')
    },
  }
  const httpAgent = watched(new HttpAgent({ keepAlive: true, maxSockets: MOST }))
  const httpsAgent = watched(new HttpsAgent({ keepAlive: true, maxSockets: MOST }))
  return { agents: { httpAgent, httpsAgent }, traffic }
}
