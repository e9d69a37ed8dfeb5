/** An artifact of two runs as exports see it, one of them with hostile words. */
import type { ArtifactFacts, ArtifactRun } from '../../../provenance/exports/artifact.ts'
import { parseAuthor } from '../../../provenance/exports/author.ts'
import type { Manifest } from '../../../provenance/manifest.ts'
import { HOSTILE, sample } from './sample.ts'

const file = (path: string) => ({ path, sha256: 'ab'.repeat(32), bytes: 1_234_567 })

function run(key: string, manifest: Manifest): ArtifactRun {
  return {
    key,
    manifest,
    bundle: file(`${key}.zip`),
    means: file(`${key}.csv`),
    time: { coreMs: 754_000, of: 'chunks' },
    resultBytes: 5_000,
  }
}

export function artifactFacts(change: Partial<ArtifactFacts> = {}): ArtifactFacts {
  return {
    runs: [
      run('one-0123abcd', sample()),
      run('two-0123abcd', sample({ document: { name: HOSTILE }, run: { id: '20261127T000000000-abcdef' } })),
    ],
    claims: [],
    authors: [parseAuthor('Doe, Jane <0000-0002-1825-0097>'), parseAuthor('The {SIR} and Co')],
    license: 'https://spdx.org/licenses/CC-BY-4.0',
    licenseFile: file('LICENSE'),
    tool: file('reprise-0.6.0.tgz'),
    version: '0.6.0',
    ...change,
  }
}
