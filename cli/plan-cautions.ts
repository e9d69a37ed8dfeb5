/** What a forecast takes for granted or cannot know, and what in it should give pause. */
import type { Forecast } from '../lab/forecast.ts'
import { bytesWords } from '../lab/host-words.ts'
import type { Ahead } from '../lab/look-ahead.ts'
import type { Pilot } from '../lab/pilot.ts'
import type { UnfinishedChunk } from '../lab/pilot-course.ts'
import { hasTasks, type Place } from '../lab/places.ts'
import { roughCores, roughTime, shortTime } from '../lab/rough-words.ts'
import { count, nameWords, several } from './words.ts'

/** Times that differ by more than this factor are told to differ. */
const ALIKE = 1.5
/** The mean of so many says more than the shortest and the longest. */
const MANY = 10

/** In words, the gravest first. */
export function cautions({ pilot, forecast }: Ahead, place: Place): string[] {
  return [
    ...pilotCautions(pilot),
    ...limitCautions(forecast, place),
    ...placeCautions(forecast, place),
    ...costCautions(forecast, place),
  ]
}

function pilotCautions({ done, setAside, unfinished, error, jobsEach, limitMs }: Pilot): string[] {
  const failed = done.reduce((sum, chunk) => sum + chunk.failed, 0)
  const jobs = done.length * jobsEach
  const first =
    error === null ? '' : `, the first with ${nameWords(error.name)}: ${nameWords(error.message, 200)}`
  return [
    ...(failed === 0 ? [] : [`${several(failed, 'job')} of ${jobs} failed${first}`]),
    ...setAside.map(({ chunk, reason }) => `chunk ${chunk} could not be executed: ${nameWords(reason, 300)}`),
    ...timeUp(done.length + setAside.length, unfinished, jobsEach, shortTime(limitMs)),
  ]
}

function timeUp(
  begun: number,
  unfinished: UnfinishedChunk | null,
  jobsEach: number,
  limit: string,
): string[] {
  const more = 'give it more by --pilot-time'
  if (unfinished === null)
    return begun > 0 ? [] : [`no chunk was begun within ${limit}, so nothing is known of times; ${more}`]
  const { chunk, jobs, estimateMs } = unfinished
  const which =
    begun === 0
      ? `no chunk was done within ${limit}`
      : `chunk ${chunk} was not done when time was up (${limit})`
  return [
    estimateMs === null
      ? `${which}, nor one job of it: ${begun === 0 ? 'all times are lower bounds' : 'its time is a lower bound'}; ${more}`
      : `${which}; what it takes is told by ${jobs} of its ${several(jobsEach, 'job')}, which were done`,
  ]
}

/** What the machine or a task's limits have no room for. */
function limitCautions({ memoryBytes, tasks }: Forecast, place: Place): string[] {
  if (place.kind === 'ssh') return []
  const room = place.memoryBytes
  const who = place.kind === 'local' ? 'this machine has' : 'a task is given'
  const time = place.kind === 'local' ? null : place.limitMs
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
  if (hasTasks(place) && tasks !== null && chunkTime !== null && chunkTime.meanMs > place.taskMs)
    return [
      `a chunk takes longer than a task should (${roughTime(place.taskMs)}): a smaller chunk would help`,
    ]
  if (!hasTasks(place) && chunks < place.engines)
    return [`there are ${several(place.engines, 'engine')}, and only ${several(chunks, 'chunk')}`]
  return []
}

/** By how much the extrapolation may be wrong. */
function costCautions({ chunkTime, coreMsBetween, points, chunks }: Forecast, place: Place): string[] {
  if (chunkTime === null || coreMsBetween === null || chunkTime.atLeast) return []
  const from = `${several(chunkTime.chunks, 'chunk')} of ${count(chunks)}`
  const at = chunkTime.points < points ? ` at ${several(chunkTime.points, 'point')} of ${count(points)}` : ''
  const [least, most] = coreMsBetween.map(roughCores)
  const spread =
    chunkTime.mostMs > ALIKE * chunkTime.leastMs && chunkTime.chunks < MANY
      ? `; if all were as short as the shortest, or as long as the longest, ${least} or ${most}`
      : ''
  const where = place.kind === 'local' ? '' : ', on a core of this machine'
  return chunkTime.chunks >= chunks && where === '' ? [] : [`extrapolated from ${from}${at}${where}${spread}`]
}
