/** The array runner conforms, with a scheduler whose tasks are processes of this machine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { folderStore } from '../../runners/array/folder-store.ts'
import { arrayRunner } from '../../runners/array/runner.ts'
import { ProcessEngine } from '../runners/array/process-engine.ts'
import { runnerSuite } from './suite.ts'

const top = mkdtempSync(join(tmpdir(), 'reprise-array-'))
after(() => rmSync(top, { recursive: true, force: true }))
let stores = 0

runnerSuite(
  'array',
  ({ engines, timeoutMs = null, silenceMs }) => {
    const folder = join(top, String(++stores))
    const engine = new ProcessEngine({ store: folder, slots: 1 })
    const silent = silenceMs === undefined ? {} : { silenceMs }
    const runner = arrayRunner({
      ...{ engine, store: folderStore(folder), engines, timeoutMs, ...silent },
      ...{ taskMs: 600_000, chunkMs: 1, maxTasks: null, lookMs: 50 },
    })
    return { runner, close: () => engine.close() }
  },
  { engines: true, killable: true, brief: process.env.REPRISE_SLOW !== '1' },
)
