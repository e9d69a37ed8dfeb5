/** `npm run docs`: writes the reference pages anew. A test says when one is stale. */
import { writeFileSync } from 'node:fs'
import { PAGES } from './pages.ts'

for (const [path, make] of Object.entries(PAGES)) {
  writeFileSync(new URL(`../../../${path}`, import.meta.url), await make())
  console.log(path)
}
