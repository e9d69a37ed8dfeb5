/** A forecast in words: rows of a label and what is to be said, for people to read before anything is spent. */

import { moneyWords } from '../lab/cost-words.ts'
import type { Forecast } from '../lab/forecast.ts'
import { bytesWords } from '../lab/host-words.ts'
import type { Ahead } from '../lab/look-ahead.ts'
import type { Pilot } from '../lab/pilot.ts'
import { hasTasks, type Place, type TaskPlace } from '../lab/places.ts'
import { roughCores, roughTime, shortTime } from '../lab/rough-words.ts'
import type { Tasks } from '../lab/task-forecast.ts'
import { count, nameWords, several } from './words.ts'

export type Row = readonly [label: string, words: string]

/** What is asked, what the pilot saw, and what follows from it for `runner`. */
export function planRows({ pilot, forecast }: Ahead, runner: string, place: Place): Row[] {
  const { points, jobs, chunks } = forecast
  const { name, repetitions } = pilot.document
  const size = `${several(points, 'point')} × ${several(repetitions, 'repetition')} = ${several(jobs, 'job')}`
  return [
    ['experiment', `${nameWords(name)}: ${size} in ${several(chunks, 'chunk')}`],
    ['pilot', pilotWords(pilot, forecast)],
    ...placeWords(forecast, place).map((words, i): Row => [i === 0 ? runner : '', words]),
    ['to move', moveWords(forecast, place)],
    ['to keep', keepWords(forecast)],
  ]
}

function pilotWords({ done, memoryBytes, startMs }: Pilot, { chunkTime, chunks }: Forecast): string {
  if (chunkTime === null) return 'no chunk was begun in the time that it had'
  const { leastMs, mostMs, meanMs, atLeast } = chunkTime
  const alike = mostMs < 1.1 * leastMs
  const what =
    done.length === 0
      ? `a part of one chunk of ${count(chunks)} here`
      : `${several(done.length, 'chunk')} of ${count(chunks)} here`
  const mean = shortTime(meanMs)
  const [least, most] = [shortTime(leastMs), shortTime(mostMs)]
  const times =
    alike && atLeast
      ? `a chunk takes longer than ${most}`
      : alike
        ? `${done.length === 0 ? 'about ' : ''}${mean} a chunk`
        : `${least} to ${atLeast ? 'more than ' : ''}${most} a chunk (mean ${mean}${atLeast ? ' at least' : ''})`
  const bytes = done.map((chunk) => chunk.bytes)
  const size =
    bytes.length === 0
      ? []
      : [`${bytesWords(Math.round(bytes.reduce((a, b) => a + b, 0) / bytes.length))} each`]
  const memory = memoryBytes === null ? [] : [`${bytesWords(memoryBytes)} of memory`]
  const start = startMs === null ? [] : [`${shortTime(startMs)} to start an engine`]
  return [`${what}: ${times}`, ...size, ...memory, ...start].join(', ')
}

function placeWords({ coreMs, money, wallMs, tasks, chunkTime, chunks }: Forecast, place: Place): string[] {
  if (coreMs === null || wallMs === null) return ['not known: see below']
  const about = chunkTime?.atLeast ? 'more than' : 'about'
  const cost = money === null ? '' : `, ${moneyWords(money.amount, money.currency)}`
  const cores = `${about} ${roughCores(coreMs)}${cost}`
  if (tasks !== null && hasTasks(place)) return taskWords(tasks, place, cores, about)
  const engines = several(Math.min(place.engines, chunks), 'engine')
  return [`${about} ${roughTime(wallMs)} by ${engines}, ${cores}`]
}

function taskWords(tasks: Tasks, { kind, usualArray }: TaskPlace, cores: string, about: string): string[] {
  const { count: n, chunksEach, enginesEach, cpusEach, ms, atOnce, arrays, wallMs } = tasks
  const engines = `${several(enginesEach, 'engine')} on ${several(cpusEach, 'CPU')}`
  const each = `of ${several(chunksEach, 'chunk')} by ${engines}`
  const inArrays =
    n > usualArray
      ? `, in ${count(arrays)} arrays (of at most ${count(usualArray)} tasks${kind === 'slurm' ? ' where MaxArraySize says nothing else' : ''})`
      : ''
  const beside =
    atOnce === null || n <= atOnce
      ? n === 1
        ? ''
        : ' if all run at once'
      : `, ${several(atOnce, 'task')} at once`
  return [
    `${several(n, 'task')} of ${about} ${roughTime(ms)}, each ${each}${inArrays}`,
    `${about} ${roughTime(wallMs)}${beside}, and the time in the queue, which nobody knows before; ${cores}`,
  ]
}

function moveWords({ bytes }: Forecast, place: Place): string {
  if (place.kind === 'local') return 'nothing: engines are here'
  const { capsule, inputs, program, back } = bytes
  const goods = [
    `capsule ${bytesWords(capsule)}`,
    ...(inputs === 0 ? [] : [`inputs ${bytesWords(inputs)}`]),
    `Reprise’s program ${bytesWords(program)}`,
  ].join(', ')
  const where = hasTasks(place)
    ? place.sentTo
    : place.hosts === 1
      ? 'to its host'
      : `to each of ${several(place.hosts, 'host')} that has it not yet`
  return `${goods} ${where}; back ${back === null ? 'what the results are' : `about ${bytesWords(back)}`}`
}

function keepWords({ bytes: { kept, results, largestChunk } }: Forecast): string {
  if (kept === null || results === null || largestChunk === null) return 'not known: no chunk was done'
  return `about ${bytesWords(kept)} in the lab, ${bytesWords(results)} of it results; the largest chunk seen is ${bytesWords(largestChunk)}`
}
