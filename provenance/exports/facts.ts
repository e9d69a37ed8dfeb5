/**
 * What several exports tell of a manifest, said once. What is to be an address, an identifier or a time is looked at
 * before it is told as one: the manifest may come from anywhere.
 */
import type { CodeIdentity } from '../code.ts'
import type { Manifest, RunRecord } from '../manifest.ts'

/** How a rerun is asked for. */
export const RERUN = 'reprise rerun manifest.json'

/** A name that people can follow; the names of its bytes are digests. */
export function runTitle({ experiment, run }: Manifest): string {
  return `${experiment.document.name}, run ${run.id}`
}

/** The versions of Node that executed chunks, each once: `v20.20.2`. */
export function nodeVersions(run: RunRecord): string[] {
  const executed = (run.environments ?? []).flatMap(({ environment }) => environment?.node ?? [])
  const led = run.sessions.map(({ environment }) => environment.node)
  return [...new Set(executed.length > 0 ? executed : led)].sort()
}

/** A version without the `v`. */
export function plainVersion(version: string): string {
  return version.replace(/^v(?=\d)/, '')
}

/** Where the code is published: the remote `origin`, or the first, when it is a web address. */
export function repositoryUrl({ code }: RunRecord): string | null {
  const remotes = code.commit === null ? [] : (code.remotes ?? [])
  const named = remotes.flatMap(({ name, url }) => {
    const href = webAddress(url)
    return href === null ? [] : [{ name, href }]
  })
  return (named.find(({ name }) => name === 'origin') ?? named[0])?.href ?? null
}

/** An http(s) address in its normal form, in which no space, quote or brace stands raw; null for anything else. */
export function webAddress(text: string): string | null {
  if (text.length > 2_000 || !URL.canParse(text)) return null
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null
  return url.href.replace(/["'<>\\^`{|}\s]/g, (odd) => `%${odd.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** The Software Heritage identifier of the revision, where it is recorded. */
export function revisionSwhid({ code }: RunRecord): string | null {
  const revision = code.commit === null ? undefined : code.swhids?.revision
  return revision !== undefined && /^swh:1:rev:[0-9a-f]{40}$/.test(revision) ? revision : null
}

/**
 * How the code that was executed stands to its commit: `none` is named; it `is` the commit's, whatever was changed in
 * files that it does not use; or it `differs`. Manifests before version 0.3 tell only of the whole work tree.
 */
export function codeStands(code: CodeIdentity): 'none' | 'is' | 'differs' {
  if (code.commit === null) return 'none'
  const { dirty, patch, patchOmitted, untracked } = code
  if (patch === undefined) return dirty ? 'differs' : 'is'
  return patch === null && patchOmitted === undefined && (untracked ?? []).length === 0 ? 'is' : 'differs'
}

/** How many others have signed that they executed it again. */
export function witnessCount({ proof }: Manifest): number {
  return proof.witnesses?.length ?? 0
}

/** The name and id of the key that signed, `name+12ab34cd`; null where nothing is signed. */
export function signingKey({ proof }: Manifest): string | null {
  return /^[^+]{1,255}\+[0-9a-f]{8}(?=\+)/.exec(proof.key ?? '')?.[0] ?? null
}

/** The day of a time that `isTime`. */
export function dayOf(time: string): string {
  return time.slice(0, 10)
}

/** Whether a text is a time in UTC such as the lab writes: a manifest may claim any text. */
export function isTime(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(text)) return false
  const time = new Date(text)
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 19) === text.slice(0, 19)
}
