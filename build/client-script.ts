/**
 * The scripts of pages: a source of web/client/ with all that it needs as one classic script. Its workers are bundled
 * first and go into it as text, for a page from a file can start a worker only from a blob that it made itself.
 */
import { join } from 'node:path'
import { oneText } from './one-file.ts'

/**
 * `<entry>.js` of the compiled sources in `dist` as text; each of `workers` is in it under its name
 * (`web/client/workers.ts`).
 */
export async function clientScript(
  dist: string,
  entry: string,
  workers: readonly string[] = [],
): Promise<string> {
  const folder = join(dist, 'web/client')
  const texts: Record<string, string> = {}
  for (const worker of workers) texts[worker] = await bundled(folder, worker, {})
  return bundled(folder, entry, texts)
}

function bundled(folder: string, entry: string, workers: Readonly<Record<string, string>>): Promise<string> {
  return oneText(folder, `./${entry}.js`, {
    platform: 'browser',
    alias: { 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' }, // the same, without Node's Buffer
    target: 'es2022',
    minifySyntax: true,
    define: { __WORKERS__: JSON.stringify(workers) },
  })
}
