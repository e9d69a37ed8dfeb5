/**
 * The last step of `npm run build`: writes the programs that travel into dist/programs/, and the shapes of records over what
 * provenance/shapes.ts became; each by one rename.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makePrograms } from './programs.ts'
import { shapesSource } from './shapes.ts'

const DIST = dirname(dirname(fileURLToPath(import.meta.url)))
const FOLDER = join(DIST, 'programs')

mkdirSync(FOLDER, { recursive: true })
for (const [name, text] of await makePrograms(DIST)) write(join(FOLDER, name), text)
write(join(DIST, 'provenance/shapes.js'), await shapesSource(dirname(DIST)))

function write(path: string, text: string): void {
  const written = `${path}.${process.pid}`
  writeFileSync(written, text)
  renameSync(written, path)
}
