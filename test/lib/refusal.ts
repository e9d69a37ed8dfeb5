/** What a refusal must look like: a RepriseError with this code, and a subject or words where they are given. */
import assert from 'node:assert/strict'
import { type ErrorCode, RepriseError } from '../../lib/errors.ts'

export interface Expected {
  readonly subject?: string
  readonly says?: string | RegExp
}

export function isRefusal(code: ErrorCode, expected: Expected = {}): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof RepriseError, `not a refusal: ${String(error)}`)
    assert.equal(error.code, code)
    if (expected.subject !== undefined) assert.equal(error.subject, expected.subject)
    if (expected.says instanceof RegExp) assert.match(error.message, expected.says)
    else if (expected.says !== undefined)
      assert.ok(error.message.includes(expected.says), `${error.message} does not say ${expected.says}`)
    return true
  }
}

/** Asserts that `action` is refused. */
export function refused(action: () => unknown, code: ErrorCode, expected: Expected = {}): void {
  assert.throws(action, isRefusal(code, expected))
}
