/** What a lab is said to keep of a run is about what it keeps. */
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { keptBytes } from '../../lab/kept-bytes.ts'
import { Project } from '../cli/project.ts'

const source = (characters: number) => `import { experiment } from 'reprise'
export default experiment({
  name: 'kept', parameters: { a: [1, 2] }, repetitions: 500, chunk: 1,
  run: ({ point }) => 'x'.repeat(${characters}) + point.a,
})
`

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

for (const characters of [10, 700, 2_900, 9_000]) {
  test(`should tell what a run of chunks of about ${characters} bytes takes in the lab`, async (t) => {
    const project = new Project(t, { 'x.ts': source(characters) })
    const { bytes, chunks } = await project.json(0, 'plan', 'x.ts')
    assert.equal(bytes.kept, keptBytes(chunks, bytes.results / chunks, bytes.capsule))
    const { run } = await project.json(0, 'run', 'x.ts')
    const kept = sizeOf(join(project.runs, run)) + bytes.capsule
    assert.ok(Math.abs(bytes.kept / kept - 1) < 0.15, `told ${bytes.kept}, kept ${kept}`)
  })
}
