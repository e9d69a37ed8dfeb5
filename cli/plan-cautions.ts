/** What a forecast takes for granted or cannot know, and what in it should give pause. */
import type { Forecast } from '../lab/forecast.ts'
import { bytesWords } from '../lab/host-words.ts'
import type { Ahead } from '../lab/look-ahead.ts'
import type { Pilot } from '../lab/pilot.ts'
import type { Place } from '../lab/places.ts'
import { memoryLimit, timeLimit } from '../lab/slurm-limits.ts'
import { roughCores, roughTime, shortTime } from './rough-words.ts'
import { nameWords, several } from './words.ts'

/** Times that differ by more than this factor are told to differ. */
const ALIKE = 1.5

/** In words, the gravest first. */
export function cautions({ pilot, forecast }: Ahead, place: Place): string[] {
  return [
    ...pilotCautions(pilot),
    ...limitCautions(forecast, place),
    ...placeCautions(forecast, place),
    ...costCautions(pilot, forecast, place),
  ]
}

function pilotCautions({ done, setAside, unfinished, error, jobsEach, limitMs }: Pilot): string[] {
  const failed = done.reduce((sum, chunk) => sum + chunk.failed, 0)
  const jobs = done.length * jobsEach
  const first =
    error === null ? '' : `, the first with ${nameWords(error.name)}: ${nameWords(error.message, 200)}`
  const more = 'give it more by --pilot-time'
  const limit = shortTime(limitMs)
  return [
    ...(failed === 0 ? [] : [`${several(failed, 'job')} of ${jobs} failed${first}`]),
    ...setAside.map(({ chunk, reason }) => `chunk ${chunk} could not be executed: ${nameWords(reason, 300)}`),
    ...(unfinished === null
      ? done.length > 0 || setAside.length > 0
        ? []
        : [`no chunk was begun within ${limit}, so nothing is known of times; ${more}`]
      : done.length === 0
        ? [`no chunk was done within ${limit}: all times are lower bounds; ${more}`]
        : [`chunk ${unfinished.chunk} was not done when ${limit} were over; ${more}`]),
  ]
}

/** What the machine or a task's limits have no room for. */
function limitCautions({ memoryBytes, tasks }: Forecast, place: Place): string[] {
  if (place.kind === 'ssh') return []
  const room =
    place.kind === 'local' ? place.memoryBytes : place.memory === null ? null : memoryLimit(place.memory)
  const who = place.kind === 'local' ? 'this machine has' : 'a task is given'
  const time = place.kind === 'local' || place.time === null ? null : timeLimit(place.time)
  return [
    ...(memoryBytes === null || room === null || memoryBytes <= room
      ? []
      : [
          `the engines need about ${bytesWords(memoryBytes)} of memory together, and ${who} ${bytesWords(room)}`,
        ]),
    ...(tasks === null || time === null || tasks.ms <= time
      ? []
      : [`a task takes about ${roughTime(tasks.ms)}, and its time limit is ${roughTime(time)}`]),
  ]
}

function placeCautions({ chunks, tasks, chunkTime }: Forecast, place: Place): string[] {
  if (place.kind === 'ssh' && place.unknown.length > 0)
    return [
      `how many engines there are on ${place.unknown.join(', ')} is not known before they are reached; one each is counted (say --engines)`,
    ]
  if (place.kind === 'slurm' && tasks !== null && chunkTime !== null && chunkTime.meanMs > place.taskMs)
    return [
      `a chunk takes longer than a task should (${roughTime(place.taskMs)}): a smaller chunk would help`,
    ]
  if (place.kind !== 'slurm' && chunks < place.engines)
    return [`there are ${several(place.engines, 'engine')}, and only ${several(chunks, 'chunk')}`]
  return []
}

/** By how much the extrapolation may be wrong. */
function costCautions(
  { done }: Pilot,
  { chunkTime, coreMsBetween, points, chunks }: Forecast,
  place: Place,
): string[] {
  if (chunkTime === null || coreMsBetween === null || done.length === 0) return []
  const from = `${several(chunkTime.chunks, 'chunk')} of ${chunks}`
  const at = chunkTime.points < points ? ` at ${several(chunkTime.points, 'point')} of ${points}` : ''
  const [least, most] = coreMsBetween.map(roughCores)
  const spread =
    chunkTime.mostMs > ALIKE * chunkTime.leastMs && chunkTime.chunks > 1
      ? `; if all were as short as the shortest, or as long as the longest, ${least} or ${most}`
      : ''
  const where = place.kind === 'local' ? '' : ', on a core of this machine'
  return chunkTime.chunks >= chunks && where === '' ? [] : [`extrapolated from ${from}${at}${where}${spread}`]
}
