/** Where something is in an object store. Never with credentials, which are found where they are used. */

export interface S3Place {
  readonly bucket: string
  /** Beginning of all keys, without a slash at either end; none when not given. */
  readonly prefix?: string
  /** URL of a service that is not AWS, such as https://minio.example.org. */
  readonly endpoint?: string
  /** URL of the same service as tasks see it, where that is another. */
  readonly endpointInside?: string
  readonly region?: string
  /** Name of a profile in the user's AWS configuration, for this machine alone. */
  readonly profile?: string
  /** The bucket is named in the path and not in the host; where there is an endpoint that is usual. */
  readonly pathStyle?: boolean
}

/** The place of one run's store: below the prefix, with nothing of another run in it. */
export function placeOfRun(place: S3Place, run: string): S3Place {
  return { ...place, prefix: keyBelow(place, `runs/${run}`) }
}

/** A key of a store as the service has it. */
export function keyBelow({ prefix }: S3Place, key: string): string {
  return prefix === undefined || prefix === '' ? key : `${prefix}/${key}`
}

/** As people write it, with where the service is unless it is AWS. */
export function placeWords({ bucket, endpoint }: S3Place, key = ''): string {
  return `s3://${bucket}${key === '' ? '' : `/${key}`}${endpoint === undefined ? '' : ` at ${endpoint}`}`
}
