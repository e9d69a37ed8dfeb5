/** `reprise export RUN… --artifact DIR`: what committees that evaluate artifacts ask for, in one folder. */
import pc from 'picocolors'
import { type ArtifactWords, type Chosen, writeArtifact } from '../../lab/artifact.ts'
import { readClaims } from '../../lab/claims.ts'
import { findExportable, recordExport } from '../../lab/export.ts'
import type { Lab } from '../../lab/lab.ts'
import { demandLedger } from '../../lab/ledger.ts'
import { ownPackage } from '../../lab/own-package.ts'
import { checkFreeFolder, demandFolder } from '../../lab/whole.ts'
import { RepriseError } from '../../lib/errors.ts'
import { demandAuthors } from '../../provenance/exports/artifact.ts'
import type { Author } from '../../provenance/exports/author.ts'
import type { Terminal } from '../terminal.ts'
import { oneLine, several } from '../words.ts'

interface Asked {
  readonly artifact: string
  readonly claims?: string
  /** False: without Reprise itself. */
  readonly tool?: boolean
}

/** `words` as the user gave them; `paths` where bundles among them are unpacked. */
export async function exportArtifact(
  lab: Lab,
  words: readonly string[],
  paths: readonly string[],
  asked: Asked,
  about: { readonly authors: readonly Author[]; readonly license: string | null },
  out: Terminal,
): Promise<void> {
  const { artifact: target } = asked
  demandAuthors(about.authors, '--artifact')
  for (const { name, family } of about.authors)
    if (family === null)
      out.say(
        pc.yellow(`${oneLine(name)} is deposited as an organization; write "Family, Given" for a person`),
      )
  const claims = asked.claims === undefined ? [] : readClaims(asked.claims)
  const chosen = paths.map((path, i) => ({ word: words[i]!, found: findExportable(lab, path) }))
  refuseTwice(chosen)
  if (chosen.some(({ found }) => found.run !== null)) demandLedger(lab) // before anything is written
  demandFolder(target)
  checkFreeFolder(target)
  const tool = asked.tool === false ? null : await packed(out)
  const { files, ofRuns, missing } = await writeArtifact(chosen, target, { ...about, claims, tool })
  for (const [i, { found }] of chosen.entries())
    recordExport(found, [{ format: 'artifact', files: ofRuns[i]! }])
  out.say(`wrote ${target} (${several(files.length, 'file')}); its README.md is the place to begin`)
  for (const name of missing) out.say(pc.yellow(`not at hand, so not in it: ${name}`))
  if (about.license === null) out.say(pc.yellow('no licence was given: others may not reuse it (--license)'))
  out.answer({ runs: chosen.map(answerOf), target, files, missing })
}

function answerOf({ found: { manifest } }: Chosen): object {
  return { run: manifest.run.id, root: manifest.results.root }
}

function refuseTwice(chosen: readonly Chosen[]): void {
  const ids = chosen.map(({ found }) => found.manifest.run.id)
  const twice = ids.findIndex((id, i) => ids.indexOf(id) < i)
  if (twice < 0) return
  throw new RepriseError('usage', `run ${ids[twice]} is given twice`, {
    subject: chosen[twice]!.word,
    remedy: 'Name each run once',
  })
}

async function packed(out: Terminal): Promise<ArtifactWords['tool']> {
  const made = await ownPackage()
  if (!('reason' in made)) return made
  out.say(pc.yellow(`Reprise itself is not in it, and the README names its version alone (${made.reason})`))
  return null
}
