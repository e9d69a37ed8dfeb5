/** Where a manifest with another proof goes: over itself, or to a new file; never into what others have digests of. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FoundRecord } from '../lab/record.ts'
import { isBundle, isPdf } from '../lab/unpack.ts'
import { checkFreeFile } from '../lab/whole.ts'
import { RepriseError } from '../lib/errors.ts'

/** Where `text`, which names the manifest, is to be written; before anything of it is read. Throws `usage` or `refused`. */
export function checkOutput(text: string, output: string | undefined): void {
  if (output !== undefined) checkFreeFile(output, false)
  else if (isBundle(text)) throw untouchable(text, 'is a bundle, and a bundle is not changed')
  else if (isPdf(text)) throw untouchable(text, 'is a PDF, and records in it are not changed')
}

/** The place of the manifest that was found. */
export function placeOf(text: string, { run, folder }: FoundRecord, output: string | undefined): string {
  if (output !== undefined) return output
  const seals = [
    join(folder, 'ro-crate-metadata.json'),
    join(folder, '..', 'bagit.txt'),
    join(folder, 'bagit.txt'),
  ]
  if (run === null && seals.some((path) => existsSync(path)))
    throw untouchable(text, `is part of an export in ${dirname(text)}, which holds digests of it`)
  return run?.manifest ?? text
}

function untouchable(subject: string, what: string): RepriseError {
  return new RepriseError('usage', what, {
    subject,
    remedy: 'Write the manifest to a file of its own with --output FILE',
  })
}
