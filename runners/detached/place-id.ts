/** A short name of a place in a bucket, for marks on a head and for what it says of them. */
import { sha256Of } from '../digests.ts'
import type { S3Place } from '../s3/place.ts'

/** What the names of marks in a run's folder begin with; the id follows. */
export const ELSEWHERE = 'elsewhere.'

/** Of a place, whoever asks for it and however it is reached: 16 hex digits. */
export function placeId({ bucket, prefix = '', endpoint = '' }: S3Place): string {
  return sha256Of(Buffer.from(JSON.stringify([bucket, prefix, endpoint]))).slice(0, 16)
}

export function isPlaceId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value)
}
