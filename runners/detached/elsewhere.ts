/**
 * Marks in a run's folder on its head, one for each bucket that it has ever had keys in. Clusters may share a head's folder: what one
 * of them needs to know, to have its bucket emptied one day, is not removed with the cache of another.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sha256Of } from '../digests.ts'
import type { S3Place } from '../s3/place.ts'
import { ELSEWHERE } from '../station/far/clean.ts'
import { writeWhole } from './written.ts'

/** Of a place, whoever asks for it and however it is reached: 16 hex digits. */
export function placeId({ bucket, prefix = '', endpoint = '' }: S3Place): string {
  return sha256Of(Buffer.from(JSON.stringify([bucket, prefix, endpoint]))).slice(0, 16)
}

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

export function isPlaceId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value)
}
