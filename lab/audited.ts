/**
 * What an audited run asks of its code: that a commit has it, byte for byte, and that nothing beside it was changed.
 * Looked at twice: before anything is bundled or executed, and, whatever happened meanwhile, in the bytes that were
 * bundled. Inputs are not asked for: the run keeps them itself, by digest.
 */
import { RepriseError } from '../lib/errors.ts'
import type { FoundCode } from '../provenance/code.ts'
import type { NoCommit, Repository } from '../provenance/repository.ts'

const MOST_NAMED = 5
const REMEDY = 'Commit what belongs to it and remove or ignore the rest, or run it without --audited'

/** Refuses a work tree that is not the commit's. */
export function checkRepository(repository: Repository | NoCommit, file: string): void {
  if (repository.commit === null) throw refused(`there is no commit to audit: ${repository.reason}`, file)
  if (repository.changes.length > 0)
    throw refused(`there are uncommitted changes: ${named(repository.changes)}`, file)
  if (repository.hidden.length > 0)
    throw refused(
      `git is told not to look at files (assume-unchanged or skip-worktree): ${named(repository.hidden)}`,
      file,
    )
}

/** Refuses a capsule in which a file is not the commit's. */
export function checkBundled({ identity, changed }: FoundCode, file: string): void {
  if (identity.commit === null) throw refused(`there is no commit to audit: ${identity.reason}`, file)
  const commit = identity.commit.slice(0, 12)
  const untracked = (identity.untracked ?? []).map(({ path }) => path)
  if (untracked.length > 0) throw refused(`not in commit ${commit}, yet used: ${named(untracked)}`, file)
  if (changed.length > 0)
    throw refused(
      `bundled with other bytes than commit ${commit} has (edited, or converted by git): ${named(changed)}`,
      file,
    )
}

/** The first of the names, and how many more there are. */
function named(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  const shown = names.slice(0, MOST_NAMED).map((name) => name.trim())
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function refused(message: string, subject: string): RepriseError {
  return new RepriseError('refused', message, { subject, remedy: REMEDY })
}
