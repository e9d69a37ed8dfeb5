/**
 * Marks in a run's folder on its head, one for each bucket that it has ever had keys in. Clusters may share a head's folder: what one
 * of them needs to know, to have its bucket emptied one day, is not removed with the cache of another.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { S3Place } from '../s3/place.ts'
import { ELSEWHERE, isPlaceId, placeId } from './place-id.ts'
import { writeWhole } from './written.ts'

/** From now on the run may have keys below this place. */
export function markElsewhere(folder: string, place: S3Place): void {
  writeWhole(join(folder, `${ELSEWHERE}${placeId(place)}`), '')
}

/** Ids of the places that the run was ever marked with. */
export function elsewhereOf(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const id = name.slice(ELSEWHERE.length)
    return name.startsWith(ELSEWHERE) && isPlaceId(id) ? [id] : []
  })
}
