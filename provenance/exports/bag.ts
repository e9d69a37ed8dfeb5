/**
 * BagIt 1.0 (RFC 8493): the tag files of a bag whose payload is a manifest and what goes with it. `sha256sum -c` checks
 * both of its manifests.
 */
import { sha256, toHex, utf8 } from '../../lib/digest.ts'
import type { Manifest } from '../manifest.ts'
import type { Author } from './author.ts'
import { dayOf, runTitle } from './facts.ts'
import type { PayloadFile } from './payload.ts'

/** Text by path for each tag file, in the order in which they are written. */
export function bagTags(
  manifest: Manifest,
  payload: readonly PayloadFile[],
  authors: readonly Author[],
): Record<string, string> {
  const tags = {
    'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
    'bag-info.txt': bagInfo(manifest, payload, authors),
    'manifest-sha256.txt': sums(payload.map(({ sha256, path }) => [sha256, `data/${path}`])),
  }
  const digests = Object.entries(tags).map(([path, text]) => [toHex(sha256(utf8(text))), path] as const)
  return { ...tags, 'tagmanifest-sha256.txt': sums(digests) }
}

function bagInfo(manifest: Manifest, payload: readonly PayloadFile[], authors: readonly Author[]): string {
  const bytes = payload.reduce((sum, file) => sum + file.bytes, 0)
  const { experiment, results, run } = manifest
  const lines: readonly (readonly [string, string])[] = [
    ...authors.map(({ name }) => ['Contact-Name', name] as const),
    ['External-Description', `Results of a reproducible experiment: ${runTitle(manifest)}`],
    ['External-Identifier', results.root],
    ['Bagging-Date', dayOf(run.sealed)],
    ['Payload-Oxum', `${bytes}.${payload.length}`],
    ['Reprise-Run', run.id],
    ['Reprise-Experiment', experiment.hash],
    ['Reprise-Root', results.root],
    ['Reprise-Version', run.reprise],
  ]
  return lines.map(([label, value]) => `${label}: ${oneLine(value)}\n`).join('')
}

/** Lines as sha256sum writes them. Paths are made of digests and fixed names, so that none needs escaping. */
function sums(files: readonly (readonly [string, string])[]): string {
  return files.map(([digest, path]) => `${digest}  ${path}\n`).join('')
}

/** A value in one line: nothing in it begins another. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
}
