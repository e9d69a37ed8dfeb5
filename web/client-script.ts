/**
 * The scripts of pages: a source of web/client/ with all that it needs as one classic script. Its workers are bundled
 * first and go into it as text, for a page from a file can start a worker only from a blob that it made itself.
 */
import { join } from 'node:path'
import { oneText } from '../build/one-file.ts'
import { ROOT } from '../lab/installed.ts'

const FOLDER = join(ROOT, 'dist/web/client')

/** `<entry>.js` as text; each of `workers` is in it as the constant `WORKERS[<name>]` (`web/client/workers.ts`). */
export async function clientScript(entry: string, workers: readonly string[] = []): Promise<string> {
  const texts: Record<string, string> = {}
  for (const worker of workers) texts[worker] = await bundled(`${worker}.js`, {})
  return bundled(`${entry}.js`, texts)
}

function bundled(entry: string, workers: Readonly<Record<string, string>>): Promise<string> {
  return oneText(FOLDER, `./${entry}`, {
    platform: 'browser',
    target: 'es2022',
    minifySyntax: true,
    define: { __WORKERS__: JSON.stringify(workers) },
  })
}
