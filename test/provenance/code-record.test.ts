/** Code identity in a manifest: what every version records is read, what contradicts its shape is refused. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { forged, type Sealed, sealedRun } from './record.ts'
import { Trees } from './tree.ts'

const trees = new Trees()
let sealed: Sealed
before(async () => {
  sealed = await sealedRun(trees)
})
after(() => trees.remove())

const ID = '0123456789abcdef0123456789abcdef01234567'
const SHA256 = '0'.repeat(64)
const FIRST = { commit: ID, branch: 'trunk', dirty: true, changes: [' M main.ts'] }
const WHOLE = {
  ...FIRST,
  tree: ID,
  remotes: [{ name: 'origin', url: 'https://example.org/x.git' }],
  swhids: { revision: `swh:1:rev:${ID}`, directory: `swh:1:dir:${ID}`, content: `swh:1:cnt:${ID}` },
  patch: { sha256: SHA256, bytes: 7 },
  untracked: [{ path: 'new.ts', sha256: SHA256 }],
}

function read(code: unknown): unknown {
  const bytes = forged(sealed.manifest, (loose) => {
    loose.run.code = code
  })
  return parseManifest(bytes).run.code
}

test('should read code identities of every version', () => {
  const omitted = { ...WHOLE, swhids: null, patch: null, patchOmitted: { reason: 'too large', bytes: 9 } }
  for (const code of [FIRST, WHOLE, omitted, { commit: null, reason: 'not in a git repository' }])
    assert.deepEqual(read(code), code)
})

test('should refuse code identities that are none', () => {
  const wrong: Readonly<Record<string, unknown>> = {
    tree: '../../etc',
    remotes: [{ name: 'origin' }],
    swhids: { ...WHOLE.swhids, content: `swh:1:rev:${ID}` },
    patch: { sha256: '../../../etc/passwd', bytes: 7 },
    patchOmitted: 'too large',
    untracked: [{ path: 'new.ts', sha256: '../new.ts' }],
  }
  for (const [key, value] of Object.entries(wrong))
    assert.throws(() => read({ ...WHOLE, [key]: value }), { code: 'not-intact' }, key)
})
