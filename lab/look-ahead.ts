/** `plan`: a pilot, and what follows from it for the whole run where its engines are to be. Nothing is written to the lab. */
import { cloudProgram } from '../runners/cloud/program.ts'
import { headProgram } from '../runners/detached/program.ts'
import { stationProgram } from '../runners/station/program.ts'
import { type Forecast, forecast } from './forecast.ts'
import { type Pilot, type PilotOptions, pilot } from './pilot.ts'
import { hasTasks, type Place } from './places.ts'
import type { Scratch } from './scratch.ts'

export interface Ahead {
  readonly pilot: Pilot
  readonly forecast: Forecast
}

/** Of the experiment in the file `path` (absolute). Throws as `pilot`. */
export async function lookAhead(
  path: string,
  place: Place,
  options: PilotOptions,
  scratch: Scratch,
): Promise<Ahead> {
  const program = programBytes(place)
  const found = await pilot(path, options, scratch)
  return { pilot: found, forecast: forecast(found, place, program) }
}

/** Sizes of our own programs, which go where engines are. */
function programBytes(place: Place): number {
  if (place.kind === 'local') return 0
  if (place.kind === 'kubernetes' || place.kind === 'aws-batch') return cloudProgram().pod.bytes.length
  const { bytes: station } = stationProgram()
  return station.length + (hasTasks(place) ? headProgram().bytes.length : 0)
}
