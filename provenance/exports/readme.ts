/** The README of an exported folder. Nothing that a user or a manifest could word is in it, digests and the run's id alone. */
import type { Manifest } from '../manifest.ts'
import { PATHS, type PayloadFile, type PayloadKind } from './payload.ts'

const TOLD: Readonly<Record<PayloadKind, string>> = {
  manifest: 'the record: experiment, code, environment, hashes of all results',
  capsule: 'the code that was executed: experiment, packages and engine in one module',
  leaves: 'the leaf hash of every chunk, 32 bytes each',
  results: 'the results, one JSON object a line in design order',
  input: 'an input file, named by its SHA-256',
  readme: 'this page',
}

export function readmeText({ run, results }: Manifest, files: readonly PayloadFile[]): string {
  const rows = [...files, { path: PATHS.readme, kind: 'readme' as const }]
  return `# Results of a reproducible experiment

Run \`${run.id}\`, with the result root

    ${results.root}

| file | holds |
| --- | --- |
${rows.map(({ path, kind }) => `| \`${path}\` | ${TOLD[kind]} |`).join('\n')}

With Reprise installed, in this folder:

    reprise verify manifest.json     checks the record against itself
    reprise rerun manifest.json      executes it again and compares every bit
`
}
