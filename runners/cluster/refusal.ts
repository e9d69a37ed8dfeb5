/** Which errors of a host are worth another try, and what is told of those that are not. */
import { RepriseError } from '../../lib/errors.ts'
import { isLogin } from '../ssh/failures.ts'

/** Whatever else is said than that a host cannot be reached, or has no room now, will be said again. */
export function isFinal(error: unknown): boolean {
  return error instanceof RepriseError && error.code !== 'engine' && error.code !== 'storage'
}

/** Whether a machine that is still starting may say so, and otherwise soon: it has no Node yet, or does not know us yet. */
export function mayPass(error: unknown): boolean {
  return error instanceof RepriseError && (error.code === 'not-found' || isLogin(error))
}

export function refusal(cause: Error, host: string): RepriseError {
  const { code, message, subject, remedy } = cause as RepriseError
  return new RepriseError(code, message, { subject: subject === '' ? host : subject, remedy, cause })
}
