/** What verification takes of the largest records: whole processes of `reprise verify`, and one chunk proof inside a process. */
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toHex, utf8 } from '../lib/digest.ts'
import { leafHash, merkleRoot } from '../lib/merkle.ts'
import { chunkProof, chunkProofBytes, verifyChunkProof } from '../provenance/chunk-proof.ts'
import { MAX_LEAVES } from '../provenance/manifest.ts'
import { largeManifest, madeUpLeaves } from './large.ts'
import { quietly } from './quiet.ts'
import { count, median, table, time } from './table.ts'

const COMMAND = fileURLToPath(new URL('../cli/main.js', import.meta.url))
const MEGABYTE = 2 ** 20

/** Time and peak memory for a manifest that holds its leaves, one with a file of them, and a chunk of the first. */
export async function verification(): Promise<string> {
  const rows: string[][] = []
  for (const [words, chunks] of [
    ['leaves in the manifest', MAX_LEAVES],
    ['leaves in a file', MAX_LEAVES + 1],
  ] as const) {
    const path = largeManifest(chunks)
    const { value, others } = await quietly(() => verify(path))
    rmSync(dirname(path), { recursive: true })
    const seconds = `${value.seconds.toFixed(2)} s`
    rows.push([
      `manifest of ${count(chunks)} chunks, ${words}`,
      seconds,
      `${Math.round(value.peak / MEGABYTE)} MiB`,
      `≤ ${(100 * others).toFixed(1)} %`,
    ])
  }
  rows.push([
    `one chunk of ${count(MAX_LEAVES)} with its proof, inside a process`,
    time(1e6 * proofMilliseconds()),
    '',
    '',
  ])
  return table(['verify', 'time', 'peak memory', 'others took'], rows)
}

/** One process, to its end; its peak is the kernel's own high-water mark. */
async function verify(path: string): Promise<{ seconds: number; peak: number }> {
  const start = performance.now()
  const child = spawn(process.execPath, [COMMAND, 'verify', path], { stdio: 'ignore' })
  let peak = 0
  const timer = setInterval(() => {
    try {
      const status = readFileSync(join('/proc', String(child.pid), 'status'), 'utf8')
      peak = Math.max(peak, 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0))
    } catch {
      // it has ended
    }
  }, 5)
  const code = await new Promise((resolve) => child.on('close', resolve))
  clearInterval(timer)
  if (code !== 0) throw new Error(`verify ended with ${String(code)}`)
  return { seconds: (performance.now() - start) / 1000, peak }
}

function proofMilliseconds(): number {
  const text = utf8(`{"chunk":77777,"jobs":[{"result":{"x":0.5}}]}`)
  const leaves = madeUpLeaves(MAX_LEAVES).with(77_777, leafHash(text))
  const run = { experiment: 'ab'.repeat(32), root: toHex(merkleRoot(leaves)), leaves }
  const bytes = chunkProofBytes(chunkProof(run, 77_777, text, { entry: null, log: null, key: null }))
  const times = Array.from({ length: 200 }, () => {
    const start = performance.now()
    if (!verifyChunkProof(bytes).valid) throw new Error('a proof that is not valid')
    return performance.now() - start
  })
  return median(times)
}
