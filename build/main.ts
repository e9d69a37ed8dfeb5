/**
 * The last step of `npm run build`: writes the shapes of records over what provenance/shapes.ts became, and the programs
 * that travel into dist/programs/; each by one rename.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makePrograms } from './programs.ts'
import { shapesSource } from './shapes.ts'

const DIST = dirname(dirname(fileURLToPath(import.meta.url)))
const FOLDER = join(DIST, 'programs')

mkdirSync(FOLDER, { recursive: true })
write(join(DIST, 'provenance/shapes.js'), await shapesSource(dirname(DIST))) // first, for programs have it in them
for (const [name, text] of await makePrograms(DIST)) write(join(FOLDER, name), text)

function write(path: string, text: string): void {
  const written = `${path}.${process.pid}`
  writeFileSync(written, text)
  renameSync(written, path)
}
