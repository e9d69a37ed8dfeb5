/**
 * An engine in a page: a worker that executes chunks with a capsule. Digests are checked before anything of the capsule runs.
 * What runs then is confined: it has a realm of its own, no page and, by the page's policy, no network; and it is ended
 * with its worker. It is spoken with over a port that it does not have.
 */
import { sha256, toHex } from '../../lib/digest.ts'
import type { Loaded, Surroundings } from '../../runners/loaded.ts'
import { type Realm, tellAsNode } from '../verification/node-words.ts'
import type { Begin, Order, Told } from './engine-words.ts'

globalThis.onmessage = ({ data, ports }: MessageEvent<Begin>) => {
  globalThis.onmessage = null
  const port = ports[0]!
  const tell = port.postMessage.bind(port) as (told: Told, transfer?: Transferable[]) => void
  begin(data, tell).then(
    (execute) => {
      port.onmessage = ({ data: chunk }: MessageEvent<Order>) => void execute(chunk)
      tell({ kind: 'ready' })
    },
    (error: unknown) => tell({ kind: 'refused', why: words(error) }),
  )
}

async function begin(
  { capsule, sha256: digest, hash, inputs }: Begin,
  tell: (told: Told, transfer?: Transferable[]) => void,
): Promise<(chunk: Order) => Promise<void>> {
  demandDigest(capsule, digest, 'the capsule')
  for (const [named, bytes] of inputs) demandDigest(bytes, named, 'an input file')
  const inputBytes = (digest: string, name: string) => {
    const bytes = inputs.get(digest)
    if (bytes === undefined) throw new Error(`the input file ${name} is not in this page`)
    return bytes
  }
  const surroundings: Surroundings = {
    inputBytes,
    log: () => {},
    at: () => {},
    touched: () => {},
    programWork: null,
  }
  tellAsNode(globalThis as unknown as Realm)
  const url = URL.createObjectURL(new Blob([capsule as BlobPart], { type: 'text/javascript' }))
  const { loaded } = (await import(url)) as { loaded: Loaded } // from here on nothing of this realm is trusted
  URL.revokeObjectURL(url)
  if (toHex(loaded.hash) !== hash) throw new Error('the capsule holds another experiment than the record')
  return async (chunk) => {
    try {
      const { bytes } = await loaded.execute(chunk, surroundings)
      tell({ kind: 'done', chunk, bytes }, [bytes.buffer as ArrayBuffer])
    } catch (error) {
      tell({ kind: 'failed', chunk, why: words(error) })
    }
  }
}

function demandDigest(bytes: Uint8Array, digest: string, what: string): void {
  if (toHex(sha256(bytes)) !== digest) throw new Error(`${what} is not the one with SHA-256 ${digest}`)
}

function words(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
