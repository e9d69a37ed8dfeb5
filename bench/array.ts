/**
 * A run as large as it gets, without the engines: a hundred million jobs in a million chunks, planned into tasks, put into a
 * store in parts, taken into a head's journal and from there into a lab, and sealed. Every stage is a process of its own;
 * what it takes is to grow with the chunks and no faster, and its memory not at all.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Stage, Taken } from './array-stage.ts'
import { JOBS } from './array-world.ts'
import { count, table } from './table.ts'

const STAGE = fileURLToPath(new URL('array-stage.js', import.meta.url))
const SIZES = [250_000, 500_000, 1_000_000]
const STAGES: Readonly<Record<Stage, string>> = {
  plan: 'planned, handed over, submitted as tasks',
  parts: 'parts put (what tasks do)',
  journal: 'parts → journal (the head)',
  results: 'journal → results, sealed (the lab)',
}

export async function arrayTable(): Promise<string> {
  const rows: string[][] = []
  for (const chunks of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
    try {
      for (const stage of Object.keys(STAGES) as Stage[])
        rows.push(row(chunks, stage, await taken(stage, folder, chunks)))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const title = `chunks of ${JOBS} jobs`
  return table([title, 'stage', 'time', 'processor', 'chunks/s', 'of the processor', 'peak memory'], rows)
}

function row(chunks: number, stage: Stage, { seconds, busy, peak }: Taken): string[] {
  const rates = stage === 'plan' ? ['', ''] : [count(chunks / seconds), count(chunks / busy)]
  const memory = `${Math.round(peak / 2 ** 20)} MiB`
  const times = [`${seconds.toFixed(1)} s`, `${busy.toFixed(1)} s`]
  return [chunks.toLocaleString('en-US'), STAGES[stage], ...times, ...rates, memory]
}

async function taken(stage: Stage, folder: string, chunks: number): Promise<Taken> {
  const env = { ...process.env, XDG_CONFIG_HOME: join(folder, 'config') }
  const words = [STAGE, stage, folder, String(chunks)]
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`${stage} of ${chunks} chunks ended with ${String(code)}`)
  return JSON.parse(said) as Taken
}
