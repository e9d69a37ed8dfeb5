/**
 * How often a request is sent again, and when: after what may pass (a service that is overloaded, a connection that broke, bytes
 * that were damaged on the way), with pauses that grow and are drawn by lot, so that many tasks do not come back at once.
 * The SDK's own way has a budget for all requests of a client, which a bad line uses up for good.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { S3ClientConfig } from '@aws-sdk/client-s3'

type Strategy = Exclude<S3ClientConfig['retryStrategy'], undefined>

export interface Retries {
  /** Times that a request is sent at most. */
  readonly attempts: number
  /** The first pause is shorter than this, ms; each later one may be twice as long. */
  readonly pauseMs: number
}

/** Half a minute, on average, until it is given up. */
export const PATIENT: Retries = { attempts: 12, pauseMs: 100 }
/** For somebody who waits for the answer. */
export const BRISK: Retries = { attempts: 3, pauseMs: 100 }
const LONGEST_MS = 20_000

/** Refusals that pass: two wrote at once; the request came damaged, or late. */
const PASSING = [
  'ConditionalRequestConflict',
  'OperationAborted',
  'BadDigest',
  'XAmzContentSHA256Mismatch',
  'IncompleteBody',
  'RequestTimeout',
]

export function retryStrategy({ attempts, pauseMs }: Retries, signal?: AbortSignal): Strategy {
  const token = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 })
  return {
    acquireInitialRetryToken: async () => token(0),
    async refreshRetryTokenForRetry(last, { error, errorType }) {
      const count = last.getRetryCount() + 1
      const passes = errorType === 'THROTTLING' || errorType === 'TRANSIENT' || mayPass(error)
      if (count >= attempts || !passes) throw error
      await pause(pauseOf(count - 1, pauseMs), undefined, signal === undefined ? {} : { signal })
      return token(count)
    },
    recordSuccess: () => {},
  }
}

/** The pause before the attempt after this many that failed, ms. */
export function pauseOf(failed: number, pauseMs: number): number {
  return Math.random() * Math.min(LONGEST_MS, pauseMs * 2 ** failed)
}

function mayPass(error: unknown): boolean {
  const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } }
  return PASSING.includes(name) || $metadata?.httpStatusCode === 200 // it was done, and the answer cannot be read
}
