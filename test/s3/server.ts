/**
 * An S3 service for tests that is not ours: s3rver, which knows its one account and keeps objects as files, behind a proxy that can
 * do things wrong. s3rver checks no signatures (Swift does), and ignores `If-None-Match`; the proxy honours it, unless it is told not to.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import type { S3Place } from '../../runners/s3/place.ts'
import { type FaultProxy, startProxy } from './proxy.ts'

export interface S3Service {
  /** URL. */
  readonly endpoint: string
  readonly bucket: string
  /** Credentials and region, as variables of a process that is to use it. */
  readonly env: Readonly<Record<string, string>>
  /** For a store in this process; credentials are those of `env`. */
  readonly place: S3Place
  /** What is between, and may do wrong. */
  readonly faults: FaultProxy
}

export interface S3ServiceOptions {
  /** Whether `If-None-Match: *` is honoured; it is when not said. */
  readonly putOnce?: boolean
}

const BUCKET = 'lab'
/** The only account of s3rver. */
const KEY = 'S3RVER'

/** Starts it, and has it stopped after the test or suite. */
export async function startS3(
  t: { after(end: () => unknown): void },
  { putOnce = true }: S3ServiceOptions = {},
): Promise<S3Service> {
  const directory = mkdtempSync(join(tmpdir(), 'reprise-s3-'))
  const server = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true },
    ...{ directory, configureBuckets: [{ name: BUCKET }] },
  })
  const { port } = await server.run()
  const faults = await startProxy(port, putOnce)
  t.after(async () => {
    await faults.close()
    await server.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const env = { AWS_ACCESS_KEY_ID: KEY, AWS_SECRET_ACCESS_KEY: KEY, AWS_REGION: 'us-east-1' }
  return {
    endpoint: faults.url,
    bucket: BUCKET,
    env,
    place: { bucket: BUCKET, endpoint: faults.url },
    faults,
  }
}
