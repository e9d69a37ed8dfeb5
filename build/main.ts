/** The last step of `npm run build`: writes the programs that travel into dist/programs/, each by one rename. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makePrograms } from './programs.ts'

const DIST = dirname(dirname(fileURLToPath(import.meta.url)))
const FOLDER = join(DIST, 'programs')

mkdirSync(FOLDER, { recursive: true })
for (const [name, text] of await makePrograms(DIST)) {
  const written = join(FOLDER, `${name}.${process.pid}`)
  writeFileSync(written, text)
  renameSync(written, join(FOLDER, name))
}
