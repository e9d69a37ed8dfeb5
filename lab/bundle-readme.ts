/**
 * README.txt of a bundle: what it is and what to do with it, for whoever opens it without knowing Reprise. Nothing in a
 * record covers it, so that it is held against the text itself: one that is changed here must be known in its old form, too.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '../provenance/manifest.ts'
import type { Problem } from '../provenance/verify.ts'
import { README_NAME } from './unpack.ts'

/** What is wrong with the README.txt of a bundle that was taken apart into this folder. */
export function readmeProblems(folder: string, manifest: Manifest): Problem[] {
  const path = join(folder, README_NAME)
  if (!existsSync(path) || readFileSync(path, 'utf8') === bundleReadme(manifest)) return []
  return [{ where: README_NAME, what: 'is not the text that belongs to this manifest' }]
}

/** The text; the same for the same manifest. */
export function bundleReadme({ experiment, results, run }: Manifest): string {
  const name = JSON.stringify(experiment.document.name.slice(0, 200))
  return `The complete record of one run of the experiment ${name}, made by Reprise ${oneLine(run.reprise)}.

run         ${run.id}, sealed ${oneLine(run.sealed)}
experiment  ${experiment.hash}
root        ${results.root}

manifest.json       the provenance record: what was asked, by which code, where, what came out
chunks.jsonl        the results: one line a chunk, ${results.chunks} lines
<sha256>.mjs        the code (the capsule), where it is not in the manifest
<sha256>.leaves     the hashes of the chunks, where they are not in the manifest
inputs/<sha256>     input files
objects/<sha256>    what no commit has: the patch, and untracked files that the code uses

With Reprise (a clone of its repository, on Node.js 20.19 or later), where FILE is this bundle:

  reprise verify FILE    checks every byte; executes nothing
  reprise show FILE      tells what is recorded
  reprise rerun FILE     executes the code again and compares every bit

Without it: files named by a digest have it (sha256sum), and line n of chunks.jsonl belongs to leaf n of the manifest:

  { printf '\\0'; sed -n 5p chunks.jsonl | tr -d '\\n'; } | sha256sum

All formats are in FORMAT.md of Reprise.
`
}

function oneLine(words: string): string {
  return words.replace(/[^\x20-\x7e]/g, '?').slice(0, 100)
}
