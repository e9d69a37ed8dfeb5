/** What a PDF's metadata says of its records, held against the manifests themselves: nobody signs metadata. */
import type { Manifest } from '../../provenance/manifest.ts'
import type { Problem } from '../../provenance/verify.ts'
import type { Listed } from './xmp.ts'

/** Where a problem with what is listed lies. */
export const METADATA = 'XMP metadata'
/** Problems that are told of one record, or of what belongs to none. */
const MOST_TOLD = 20

/** A manifest as it is attached; null where it cannot be read. */
export interface Attached {
  readonly file: string
  readonly manifest: Manifest | null
}

/** What metadata says of a manifest that is attached under this name. */
export function listedOf(file: string, { experiment, results, proof }: Manifest): Listed {
  return { file: file.trim(), experiment: experiment.hash, root: results.root, record: proof.record }
}

/** Differences, for each record by its place in the list; those that belong to none come last. */
export function listedProblems(listed: readonly Listed[], records: readonly Attached[]): Problem[][] {
  const problems: Problem[][] = [...records.map(() => []), []]
  for (const entry of listed) {
    const same = records.findIndex(
      ({ file, manifest }) => file.trim() === entry.file && manifest?.proof.record === entry.record,
    )
    const at = same >= 0 ? same : records.findIndex(({ file }) => file.trim() === entry.file)
    const found = records[at]
    if (found === undefined) {
      problems.at(-1)!.push(problem(`lists ${quoted(entry.file)}, and no such record is attached`))
      continue
    }
    if (found.manifest === null) continue // that is told already
    const actual = listedOf(found.file, found.manifest)
    for (const field of ['experiment', 'root', 'record'] as const) {
      if (entry[field] === actual[field]) continue
      problems[at]!.push(
        problem(`says the ${field} ${quoted(entry[field])} of ${quoted(entry.file)}; it is ${actual[field]}`),
      )
    }
  }
  return problems.map(withFirst)
}

function withFirst(problems: Problem[]): Problem[] {
  const more = problems.length - MOST_TOLD
  return more <= 0 ? problems : [...problems.slice(0, MOST_TOLD), problem(`and ${more} more of the kind`)]
}

function problem(what: string): Problem {
  return { where: METADATA, what }
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100))
}
