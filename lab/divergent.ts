/** Law 4: a chunk that came twice and was not the same is a finding; it is told with both digests and who made them. */
import { RepriseError } from '../lib/errors.ts'

export function divergent(chunk: number, first: string, then: string): RepriseError {
  const remedy =
    'Its code depends on something beside its seed, or one of them computes differently; the first is kept'
  return new RepriseError('divergent', `executed twice, it gave ${first} and ${then}`, {
    subject: `chunk ${chunk}`,
    remedy,
  })
}
