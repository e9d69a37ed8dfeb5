/** A budget counts engines that are there, each once, and none that is gone, whatever it is gone by. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { budget } from '../../lab/core-hours.ts'
import { ResultsStore } from '../../lab/results.ts'
import { HOUR_MS } from '../../runners/array/spent.ts'
import { plannedRun, temporaryLab } from './run.ts'

const MS = 400
const started = (engine: number) => ({ engine, pid: 1, host: 'h', node: 'v20', environment: null })

test('should stop counting an engine that is lost, replaced, or no more of use', async (t) => {
  const store = ResultsStore.open(plannedRun(temporaryLab(t)))
  t.after(() => store.close())
  const heard: string[] = []
  const { observer, over } = budget(
    store,
    {
      engine: ({ engine }) => void heard.push(`engine ${engine}`),
      lost: (engine) => void heard.push(`lost ${engine}`),
      replaced: (engine) => void heard.push(`replaced ${engine}`),
      replicating: (chunks) => void heard.push(`replicating ${chunks}`),
    },
    MS / HOUR_MS,
  )
  observer.engine!(started(1))
  observer.replaced!(1)
  observer.engine!(started(2))
  observer.lost!(2, 'gone', [])
  observer.lost!(7, 'never was ready', [])
  observer.engine!(started(3))
  observer.engine!(started(4))
  observer.replicating!(5)
  await sleep(1.5 * MS)
  assert.equal(over(), null, 'nobody is there')
  assert.deepEqual(heard, [
    ...['engine 1', 'replaced 1', 'engine 2', 'lost 2', 'lost 7', 'engine 3', 'engine 4', 'replicating 5'],
  ])
  observer.engine!(started(5))
  observer.engine!(started(5)) // told twice, it is one
  await sleep(1.5 * MS)
  assert.match(over()!.message, /the run has taken [\d.e-]+ core-hours, and may take/)
})

test('should count nothing where nothing limits it', (t) => {
  const store = ResultsStore.open(plannedRun(temporaryLab(t)))
  t.after(() => store.close())
  const own = {}
  const { observer, over } = budget(store, own, null)
  assert.deepEqual([observer, over()], [own, null])
})
