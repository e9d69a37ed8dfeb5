/** Where an object is on the web, by the same rules as the usual clients: for who has no such client. */
import type { S3Place } from '../s3/place.ts'

/** `region`: where there is no endpoint, that of AWS. */
export function objectUrl(
  { bucket, prefix, endpoint, pathStyle }: S3Place,
  key: string,
  region: string,
): URL {
  const url = new URL(endpoint ?? `https://s3.${region}.${domainOf(region)}`)
  const parts = [...(prefix === undefined ? [] : prefix.split('/')), ...key.split('/')]
  // a certificate for *.s3 is for no name with more dots
  if (pathStyle ?? (endpoint !== undefined || bucket.includes('.'))) parts.unshift(bucket)
  else url.hostname = `${bucket}.${url.hostname}`
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${parts.map(encoded).join('/')}`
  return url
}

export function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
}

function encoded(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}
