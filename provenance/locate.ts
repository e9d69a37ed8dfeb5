/** Places in a capsule (`….mjs:767:7`, as stacks name them) told as places in the user's own files. */
import { SourceMap, type SourceMapPayload } from 'node:module'

const PLACE = /(?:file:\/\/)?[^\s()]*?([0-9a-f]{64})\.mjs:(\d+):(\d+)/g

/** Rewrites every place in the capsule `digest` that the source map knows; the rest of the text is left as it is. */
export function locate(text: string, digest: string, map: string): string {
  const sources = new SourceMap(JSON.parse(map) as SourceMapPayload)
  return text.replace(PLACE, (place, found: string, line: string, column: string) => {
    if (found !== digest) return place
    const entry = sources.findEntry(Number(line) - 1, Number(column) - 1)
    if (!('originalSource' in entry)) return place
    const source = entry.originalSource.replace(/^capsule:(experiment\/)?/, '')
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  })
}
