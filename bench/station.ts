/** What a station costs: opened through a shell of this machine, so without ssh and without a network between. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Channel, Ending } from '../runners/channel.ts'
import { localLauncher } from '../runners/local.ts'
import { openStation } from '../runners/station/open.ts'
import { median, table } from './table.ts'

const MB = 1e6
const RELAYED = 4_000
const SENT_MB = 200
const ROUNDS = 500

/** Prints so many times 64 KiB as fast as anybody takes it. */
const SOURCE = `import { writeSync } from 'node:fs'
const bytes = Buffer.alloc(65536, 'x')
for (let left = ${RELAYED}; left > 0; left--) {
  for (let at = 0; at < bytes.length; ) {
    try { at += writeSync(1, bytes, at) } catch (error) { if (error.code !== 'EAGAIN') throw error }
  }
}`

function shell(): Channel {
  const child = spawn('/bin/sh', { stdio: 'pipe' })
  const ended = new Promise<Ending>((resolve) =>
    child.on('close', (code) => resolve({ how: `exit code ${code}`, unreachable: false })),
  )
  const { stdin, stdout, stderr } = child
  return { stdin, stdout, stderr, ended, kill: () => child.kill('SIGKILL') }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}

/** Megabytes a second of what a process prints, from its first byte. */
async function rateOf({ stdout, stderr, ended }: Channel): Promise<number> {
  let [first, bytes] = [0, 0]
  stderr.resume()
  stdout.on('data', (piece: Buffer) => {
    first ||= performance.now()
    bytes += piece.length
  })
  await ended
  return bytes / MB / ((performance.now() - first) / 1000)
}

export async function stationCosts(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
  const local = localLauncher()
  const keep = (name: string, bytes: Uint8Array) => {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return { path, sha256: createHash('sha256').update(bytes).digest('hex') }
  }
  try {
    const directory = join(folder, 'kept')
    const first = await timed(async () => (await openStation(shell(), { directory })).close())
    let station = await openStation(shell(), { directory })
    await station.close()
    const again = await timed(async () => {
      station = await openStation(shell(), { directory })
    })
    const source = keep('source.mjs', Buffer.from(SOURCE))
    const large = keep('large', Buffer.alloc(SENT_MB * MB, 'y'))
    await station.keep([{ kind: 'capsule', ...source }])
    const [pipe, relayed] = [
      await rateOf(local.launch(source.path)),
      await rateOf(station.launch(source.sha256, [])),
    ]
    const sent = await timed(() => station.keep([{ kind: 'input', ...large }]))
    const trips: number[] = []
    for (let i = 0; i < ROUNDS; i++) trips.push(await timed(() => station.call('ping').result))
    await station.close()
    const ms = (time: number) => `${time.toFixed(time < 10 ? 2 : 0)} ms`
    const rate = (mbs: number) => `${mbs.toFixed(0)} MB/s`
    return table(
      ['a station on this machine', 'median or once'],
      [
        ['opened and closed, program sent', ms(first)],
        ['opened, program there', ms(again)],
        ['there and back', ms(median(trips))],
        ['an engine’s output through a pipe', rate(pipe)],
        ['the same through the station', rate(relayed)],
        ['a file sent, checked and on disk', rate((SENT_MB / sent) * 1000)],
      ],
    )
  } finally {
    local.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
