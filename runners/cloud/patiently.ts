/** Requests that are tried again where that may help: the other side is busy or failing, or the connection broke. */
import { setTimeout as sleep } from 'node:timers/promises'

/** An answer of the last try, whatever it says. */
export interface Answer {
  readonly status: number
  readonly bytes: Buffer
}

export interface Patience {
  readonly tries: number
  /** Before the second try, ms; doubled before each further one. */
  readonly firstMs: number
  /** How long an answer is waited for, ms. */
  readonly answerMs: number
}

export const USUAL: Patience = { tries: 8, firstMs: 250, answerMs: 120_000 }
const LONGEST_MS = 15_000

/** `ask` sends a request anew for each try. Throws what the connection said where no try was answered at last. */
export async function patiently(
  ask: (signal: AbortSignal) => Promise<Response>,
  { tries, firstMs, answerMs }: Patience,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await ask(AbortSignal.timeout(answerMs))
      const bytes = Buffer.from(await response.arrayBuffer())
      const { status } = response
      if ((status < 500 && status !== 429 && status !== 408) || attempt === tries) return { status, bytes }
    } catch (error) {
      if (attempt === tries) throw error
    }
    await sleep(Math.min(LONGEST_MS, firstMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2))
  }
}
