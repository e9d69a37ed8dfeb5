/**
 * Pages that are kept up to date by server-sent events. Each is sent only what is not on it already; a reader that is too slow
 * loses its connection, and takes up from the present when it comes again.
 */
import type { ServerResponse } from 'node:http'
import type { View } from './view.ts'

/** Connections in all, and bytes that wait for one of them. */
const [MOST_STREAMS, MOST_WAITING] = [32, 2 ** 22]
const BEAT_MS = 15_000

export class Stream {
  readonly #response: ServerResponse
  readonly #sent = new Map<string, string>()
  readonly #beat: NodeJS.Timeout

  constructor(response: ServerResponse, onClose: () => void) {
    this.#response = response
    response.write('retry: 2000\n\n')
    this.#beat = setInterval(() => this.#write(': here\n\n'), BEAT_MS)
    response.on('close', () => {
      clearInterval(this.#beat)
      onClose()
    })
  }

  /** Sends what is new of it. */
  show({ sections, said, figure }: View): void {
    for (const [id, html] of Object.entries(sections)) this.#send('section', id, { id, html })
    if (said !== '') this.#send('said', 'said', { said })
    if (figure !== undefined) this.#send('figure', 'figure', { model: figure })
  }

  /** The server ends. */
  end(): void {
    this.#write('event: over\ndata: {}\n\n')
    this.#response.end()
  }

  #send(event: string, name: string, what: object): void {
    const data = JSON.stringify(what)
    if (this.#sent.get(name) === data) return
    this.#sent.set(name, data)
    this.#write(`event: ${event}\ndata: ${data}\n\n`)
  }

  #write(text: string): void {
    if (this.#response.destroyed) return
    this.#response.write(text)
    if (this.#response.writableLength > MOST_WAITING) this.#response.destroy()
  }
}

/** Whether one more is one too many. */
export function isFull(streams: number): boolean {
  return streams >= MOST_STREAMS
}
