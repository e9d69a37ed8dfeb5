/** The rows in which `show` tells a run's code: the commit, where it is to be found, and what no commit has. */
import type { CommitIdentity } from '../provenance/code.ts'
import type { RunRecord } from '../provenance/manifest.ts'
import { count } from './words.ts'

const MOST_ROWS = 5

export function codeRows({ code, audited }: Pick<RunRecord, 'code' | 'audited'>): string[][] {
  if (code.commit === null) return [['code', `no commit: ${code.reason}`]]
  const { commit, branch, dirty, remotes = [], untracked = [] } = code
  const state = audited === true ? ', audited' : dirty ? ', with uncommitted changes' : ''
  return [
    ['code', `${commit}${branch === null ? '' : ` (${branch})`}${state}`],
    ...several(remotes.map(({ name, url }) => ['remote', `${name} ${url}`])),
    ...swhidRows(code),
    ...patchRows(code),
    ...several(untracked.map(({ path, sha256 }) => ['untracked', `${path}, SHA-256 ${sha256}`])),
  ]
}

/** Version 0.1 and 0.2 do not say; a repository by SHA-256 has none. */
function swhidRows({ swhids }: CommitIdentity): string[][] {
  if (swhids === undefined) return []
  if (swhids === null) return [['swhid', 'none: the repository names its objects by SHA-256']]
  return [swhids.revision, swhids.directory, swhids.content].map((id) => ['swhid', id])
}

function patchRows({ patch, patchOmitted }: CommitIdentity): string[][] {
  if (patchOmitted !== undefined) return [['patch', `not kept: ${patchOmitted.reason}`]]
  return patch == null ? [] : [['patch', `SHA-256 ${patch.sha256} (${count(patch.bytes)} bytes)`]]
}

function several(rows: readonly string[][]): string[][] {
  const more = rows.length - MOST_ROWS
  return more > 0 ? [...rows.slice(0, MOST_ROWS), [rows[0]![0]!, `… and ${more} more`]] : [...rows]
}
