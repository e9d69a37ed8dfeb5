/**
 * Reads a manifest from anywhere: hostile until shown otherwise. Size, exact text, shape (by our own
 * schema, never one that came along) and the experiment document are checked before anything in it is used.
 */
import { checkDocument } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import type { Json } from '../lib/values.ts'
import { parseExactText } from './exact-text.ts'
import type { Manifest } from './manifest.ts'
import { misfit } from './shape.ts'
import { isManifest } from './shapes.ts'

/** A larger file is no manifest. */
export const MAX_BYTES = 256 * 2 ** 20
/** Of a text that is not exact, no more than this is looked at to tell its format. */
const MAX_PEEK = 2 ** 20
const AGAIN = 'Get the manifest again from its source'

/**
 * The manifest in these bytes. Throws `not-intact` for what is no manifest, or one of another version. The digests in
 * it are not checked here; `verifyManifest` does that.
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  if (bytes.length > MAX_BYTES) throw bad(`is larger than ${MAX_BYTES} bytes`)
  const json = parseText(bytes)
  const whole: unknown = json
  if (!isManifest(whole)) throw bad(misfit(isManifest))
  try {
    checkDocument(whole.experiment.document)
  } catch (error) {
    throw error instanceof RepriseError ? bad(`experiment.document: ${error.line}`) : error
  }
  return whole
}

function parseText(bytes: Uint8Array): Json {
  try {
    return parseExactText(bytes, checkFormat)
  } catch (error) {
    if (!(error instanceof RepriseError) || error.subject !== '') throw error
    if (bytes.length <= MAX_PEEK) checkFormat(peek(bytes))
    throw bad(error.message)
  }
}

/** What a text says that is not exact; null where it is no JSON. */
function peek(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}

/** The format that is claimed is looked at before anything else is believed. */
function checkFormat(json: unknown): void {
  const format = typeof json === 'object' && json !== null && 'format' in json ? json.format : null
  if (format === null || format === 'reprise/manifest/1') return
  const claimed = JSON.stringify(format).slice(0, 60)
  throw bad(`has the format ${claimed}`, 'This version of Reprise reads reprise/manifest/1')
}

function bad(what: string, remedy = AGAIN): RepriseError {
  return new RepriseError('not-intact', what, { subject: 'manifest', remedy })
}
