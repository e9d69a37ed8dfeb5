/** `reprise verify MANIFEST|RUN`: checks the record against itself and against the results, executing nothing. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import pc from 'picocolors'
import { findLab, type Lab } from '../../lab/lab.ts'
import { findRecord, readBeside, runOfManifest } from '../../lab/record.ts'
import { ResultsStore } from '../../lab/results.ts'
import { RepriseError } from '../../lib/errors.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { type Verification, verifyManifest } from '../../provenance/verify.ts'
import { warningsOf } from '../../provenance/warnings.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'

export async function verify(text: string, options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const { problems, checked, unchecked, valid, manifest } = check(findLab(process.cwd()), text)
  for (const { where, what } of problems) out.print(`${pc.red('wrong')}  ${where}: ${what}`)
  if (checked.length > 0) out.print(`checked: ${checked.join(', ')}`)
  if (unchecked.length > 0) out.print(`not checked: ${unchecked.join(', ')}`)
  const warnings = manifest === null ? [] : warningsOf(manifest.run)
  for (const warning of warnings) out.print(pc.yellow(`note: ${warning}`))
  out.print(valid ? `${pc.green('intact')}  root ${manifest?.results.root}` : pc.red('not intact'))
  out.answer({
    valid,
    problems,
    checked,
    unchecked,
    warnings,
    run: manifest?.run.id ?? null,
    root: manifest?.results.root ?? null,
  })
  return valid ? EXIT.done : EXIT.notIntact
}

/** Gathers what there is to check the record against. */
function check(lab: Lab, text: string): Verification {
  const record = findRecord(lab, text)
  const first = verifyManifest(record.bytes)
  if (first.manifest === null) return first
  const { capsule, results } = parseManifest(record.bytes)
  const run = record.run ?? runOfManifest(lab, first.manifest)
  const evidence = {
    capsule:
      capsule.source === null ? readBeside([record.folder, lab.capsules], `${capsule.sha256}.mjs`) : null,
    leaves:
      'sha256' in results.leaves ? readBeside([record.folder], `${results.leaves.sha256}.leaves`) : null,
  }
  const beside = join(record.folder, 'results.sqlite')
  let store: ResultsStore | null = null
  try {
    if (run !== null && (record.run !== null || existsSync(beside))) store = ResultsStore.open(run)
    return verifyManifest(record.bytes, { ...evidence, chunks: store?.chunks() ?? null })
  } catch (error) {
    if (!(error instanceof RepriseError) || error.code !== 'not-intact') throw error
    const problems = [...first.problems, { where: error.subject, what: error.message }]
    return { ...first, valid: false, problems }
  } finally {
    store?.close()
  }
}
