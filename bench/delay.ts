/** A TCP proxy that passes every byte on after a while, each way: what a wire of that length does to a connection. */
import { connect, createServer, type Socket } from 'node:net'

export interface Delayed {
  readonly port: number
  close(): void
}

/** Passes connections on to a port of the loopback, everything `ms` milliseconds late in either direction. */
export function delayed(port: number, address: string, ms: number): Promise<Delayed> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, address)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.setNoDelay(true)
      from.on('error', () => to.destroy())
      from.on('data', (bytes) => setTimeout(() => to.writable && to.write(bytes), ms))
      from.on('end', () => setTimeout(() => to.end(), ms))
      from.on('close', () => sockets.delete(from))
    }
  })
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as { port: number }).port,
        close() {
          server.close()
          for (const socket of sockets) socket.destroy()
        },
      })
    })
  })
}
