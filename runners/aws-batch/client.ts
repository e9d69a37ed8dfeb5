/**
 * The client of AWS Batch, loaded when it is first needed: a megabyte that nobody else has to have. What may be asked twice is
 * sent again where an answer was lost or the service is busy; what may not, only where it is known that it was not taken.
 */
import type { Batch, BatchClientConfig } from '@aws-sdk/client-batch'
import { silenceSdkWarning } from '../cloud/sdk-warning.ts'
import { type Doing, refusalOf } from './failures.ts'
import type { BatchWishes } from './profile.ts'

/** For each request, what ends the waiting. */
interface How {
  readonly abortSignal: AbortSignal
}

export interface BatchPatience {
  /** How long an answer is waited for, with all that is sent again, ms. */
  readonly ask?: number
  /** How often something is sent. */
  readonly attempts?: number
}

export interface BatchApi {
  /** Asks, or does what may be done twice. Throws `engine` and `usage`, by what it does. */
  call<T>(doing: Doing, act: (batch: Batch, how: How) => Promise<T>): Promise<T>
  /** Does what is not to be done twice. */
  callOnce<T>(doing: Doing, act: (batch: Batch, how: How) => Promise<T>): Promise<T>
  /** What further requests to AWS are signed with; not to be kept. Throws `engine`. */
  signing(): Promise<Signing>
  close(): void
}

export interface Signing {
  readonly credentials: Awaited<ReturnType<Batch['config']['credentials']>>
  readonly region: string
}

type RetryStrategy = Awaited<ReturnType<Batch['config']['retryStrategy']>>
type RetryStrategyV2 = Exclude<RetryStrategy, { retry: unknown }>

const ASK_MS = 60_000
const ATTEMPTS = 5

/** Credentials are found by the SDK's usual chain when something is first sent, and kept nowhere else. */
export function batchApi(wishes: BatchWishes, patience: BatchPatience = {}): BatchApi {
  let opened: Promise<{ readonly often: Batch; readonly once: Batch }> | null = null

  const open = async () => {
    silenceSdkWarning()
    const { Batch } = await import('@aws-sdk/client-batch')
    const config: BatchClientConfig = {
      maxAttempts: patience.attempts ?? ATTEMPTS,
      ...(wishes.region === undefined ? {} : { region: wishes.region }),
      ...(wishes.profile === undefined ? {} : { profile: wishes.profile }),
      ...(wishes.endpoint === undefined ? {} : { endpoint: wishes.endpoint }),
    }
    const often = new Batch(config)
    const usual = await often.config.retryStrategy()
    return { often, once: new Batch({ ...config, retryStrategy: onlyRefused(usual as RetryStrategyV2) }) }
  }
  const send = async <T>(
    which: 'often' | 'once',
    doing: Doing,
    act: (batch: Batch, how: How) => Promise<T>,
  ) => {
    try {
      opened ??= open()
      const abortSignal = AbortSignal.timeout(patience.ask ?? ASK_MS)
      return await act((await opened)[which], { abortSignal })
    } catch (error) {
      throw refusalOf(error, doing, wishes)
    }
  }
  return {
    call: (doing, act) => send('often', doing, act),
    callOnce: (doing, act) => send('once', doing, act),
    signing: () =>
      send('often', 'ask', async ({ config }) => ({
        credentials: await config.credentials(),
        region: await config.region(),
      })),
    close() {
      opened?.then(
        ({ often, once }) => {
          often.destroy()
          once.destroy()
        },
        () => {},
      )
      opened = null
    },
  }
}

/** Sends again what the service refused to look at since it is busy, and nothing that it may have done. */
function onlyRefused(usual: RetryStrategyV2): RetryStrategyV2 {
  return {
    acquireInitialRetryToken: (scope) => usual.acquireInitialRetryToken(scope),
    recordSuccess: (token) => usual.recordSuccess(token),
    refreshRetryTokenForRetry: async (token, info) => {
      if (info.errorType !== 'THROTTLING')
        throw info.error ?? new Error('it is not known whether it was taken')
      return await usual.refreshRetryTokenForRetry(token, info)
    },
  }
}
