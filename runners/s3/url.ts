/** A place in an object store as people write it on a command line: s3://BUCKET/PREFIX. */
import { RepriseError } from '../../lib/errors.ts'
import { KEY } from '../array/store.ts'
import type { S3Place } from './place.ts'

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

export function isS3Url(text: string): boolean {
  return text.startsWith('s3://')
}

/** Where the service is, and in which region, the user's AWS configuration says. Throws `usage`. */
export function placeOfUrl(text: string): S3Place {
  const [, bucket = '', rest = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/.exec(text) ?? []
  const prefix = rest.replace(/\/$/, '')
  if (BUCKET.test(bucket) && (prefix === '' || KEY.test(prefix)))
    return prefix === '' ? { bucket } : { bucket, prefix }
  throw new RepriseError('usage', 'is no place in a bucket', {
    subject: JSON.stringify(text.slice(0, 100)),
    remedy: 'Write s3://BUCKET/PREFIX, with letters, digits, dots, hyphens, underscores and slashes',
  })
}
