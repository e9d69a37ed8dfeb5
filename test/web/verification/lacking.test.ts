/** What an experiment needs and a browser has not is read from its capsule, as the builder makes it, before anything is executed. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ROOT } from '../../../lab/installed.ts'
import type { Manifest } from '../../../provenance/manifest.ts'
import { lackingInBrowser } from '../../../web/verification/lacking.ts'
import { Workshop } from '../../conformance/workshop.ts'

const workshop = new Workshop()
after(() => workshop.close())

const manifest = (run: object = {}) =>
  ({
    capsule: { sha256: 'ab' },
    run: { math: 'portable', inputs: {}, ...run },
    results: { leaves: [] },
  }) as unknown as Manifest
const capsuleOf = async (source: string) => readFileSync((await workshop.make(source)).capsule, 'utf8')
const of = async (source: string, run: object = {}) =>
  lackingInBrowser(manifest(run), {
    capsule: await capsuleOf(source),
    inputs: new Set(['11']),
    leaves: false,
  })

const PLAIN = `import { experiment } from 'reprise'
/** Words of other things: require_node_fs(), command(, "// capsule:experiment/x.ts" */
const text = 'import { x } from "node:fs"'
const command = (x) => x
export default experiment({ name: 'plain', run: ({ random }) => command(text) + random() })`

test('should find nothing that an experiment in plain code lacks', async () => {
  assert.deepEqual(await of(PLAIN), [])
  assert.deepEqual(await of(PLAIN, { inputs: { data: '11' } }), [])
})

test('should name the program, the modules of Node, native Math and inputs that are not here', async () => {
  const program = `import { command } from 'reprise'\nexport default command({ name: 'p', program: 'cat' })`
  assert.deepEqual(await of(program), ['it starts a program, which a page cannot do'])
  const node = `import { experiment } from 'reprise'
import { readFile } from 'node:fs/promises'
import os from 'os'
export default experiment({ name: 'n', run: async () => [os.EOL, typeof readFile] })`
  assert.deepEqual(await of(node), ['experiment.ts imports node:fs/promises, node:os'])
  assert.match((await of(PLAIN, { math: 'native' })).join(), /the platform's own Math/)
  assert.match((await of(PLAIN, { inputs: { data: '22' } })).join(), /not in this page: data$/)
  assert.match(
    lackingInBrowser(manifest(), { capsule: null, inputs: new Set(), leaves: false }).join(),
    /the capsule, ab\.mjs, is not in this page/,
  )
})

test('should say that leaves which the manifest has in a file are not here', async () => {
  const capsule = await capsuleOf(PLAIN)
  const far = { ...manifest(), results: { leaves: { sha256: 'cd' } } } as unknown as Manifest
  const lacking = (leaves: boolean) => lackingInBrowser(far, { capsule, inputs: new Set(), leaves })
  assert.deepEqual(lacking(true), [])
  assert.deepEqual(lacking(false), ['the leaf hashes to compare with are not in this page'])
})

test('should take a record of version 0.1 for what it is: its jobs met native Math', () => {
  const old = JSON.parse(readFileSync(join(ROOT, 'test/golden/manifest-0.1.0.json'), 'utf8')) as Manifest
  const lacking = lackingInBrowser(old, { capsule: old.capsule.source, inputs: new Set(), leaves: false })
  assert.equal(lacking.length, 1)
  assert.match(lacking[0]!, /the platform's own Math/)
})
