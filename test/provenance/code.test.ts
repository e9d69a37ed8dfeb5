/** Code identity: what git says of the commit, and how the bundled files differ from it. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type CommitIdentity, identifyCode } from '../../provenance/code.ts'
import { readRepository } from '../../provenance/repository.ts'
import { found, git, head, identity, repository } from './repositories.ts'
import { Trees } from './tree.ts'

const trees = new Trees()
after(() => trees.remove())

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function commitOf(...paths: string[]): Promise<CommitIdentity> {
  const known = await identity(...paths)
  assert.ok(known.commit !== null, JSON.stringify(known))
  return known
}

function swhids(root: string, file: string) {
  return {
    revision: `swh:1:rev:${git(root, 'rev-parse', 'HEAD')}`,
    directory: `swh:1:dir:${git(root, 'rev-parse', 'HEAD^{tree}')}`,
    content: `swh:1:cnt:${git(root, 'hash-object', '--no-filters', file)}`,
  }
}

test('should name commit, tree and branch of a clean repository, from any folder in it', async () => {
  const root = repository(trees, { 'main.ts': 'one\n', 'deep/er/main.ts': 'two\n' })
  for (const file of ['main.ts', 'deep/er/main.ts']) {
    assert.deepEqual(await found(join(root, file)), {
      identity: {
        commit: head(root),
        branch: 'trunk',
        dirty: false,
        changes: [],
        tree: git(root, 'rev-parse', 'HEAD^{tree}'),
        remotes: [],
        swhids: swhids(root, file),
        patch: null,
        untracked: [],
      },
      objects: [],
      changed: [],
    })
  }
})

test('should say what was changed beside the commit', async () => {
  const root = repository(trees, { 'main.ts': 'one\n', 'gone.ts': '' })
  writeFileSync(join(root, 'main.ts'), 'two\n')
  writeFileSync(join(root, 'new file.ts'), '')
  rmSync(join(root, 'gone.ts'))
  const { dirty, changes } = await commitOf(join(root, 'main.ts'))
  assert.deepEqual([dirty, changes], [true, [' D gone.ts', ' M main.ts', '?? "new file.ts"']])
})

test('should not list changes without end', async () => {
  const root = repository(trees)
  for (let i = 0; i < 150; i++) writeFileSync(join(root, `${i}.ts`), '')
  const { dirty, changes } = await commitOf(join(root, 'main.ts'))
  assert.deepEqual([dirty, changes.length], [true, 100])
})

test('should know a detached head', async () => {
  const root = repository(trees)
  git(root, 'checkout', '-q', '--detach')
  const { commit, branch } = await commitOf(join(root, 'main.ts'))
  assert.deepEqual([commit, branch], [head(root), null])
})

test('should say why there is no commit to name', async () => {
  const bare = trees.plant({ 'main.ts': '' })
  const none = (reason: string) => ({ commit: null, reason })
  assert.deepEqual(await identity(join(bare, 'main.ts')), none('not in a git repository'))
  git(bare, 'init', '-q')
  assert.deepEqual(await identity(join(bare, 'main.ts')), none('the git repository has no commit yet'))
  const missing = await readRepository(join(trees.folder, 'no/such/folder/main.ts'))
  assert.equal(missing.commit, null)
  const broken = repository(trees)
  writeFileSync(join(broken, '.git/config'), '[broken')
  const told = await identity(join(broken, 'main.ts'))
  assert.ok(told.commit === null && !told.reason.includes(broken), JSON.stringify(told))
})

test('should say no value of a setting that git stumbles over', async () => {
  const root = repository(trees)
  for (const [key, value] of [
    ['core.compression', 'sesame'],
    ['core.bare', 'sesame'],
    ['status.showUntrackedFiles', 'sesame'],
  ] as const) {
    git(root, 'config', key, value)
    const told = await identity(join(root, 'main.ts'))
    assert.equal(JSON.stringify(told).includes('sesame'), false, JSON.stringify(told))
    execFileSync('git', ['config', '-f', join(root, '.git/config'), '--unset', key])
  }
})

test('should know linked work trees and submodules', async () => {
  const root = repository(trees, { 'main.ts': 'one\n' })
  const linked = join(trees.plant({}), 'linked')
  git(root, 'worktree', 'add', '-q', '-b', 'side', linked)
  const outer = repository(trees, { 'x.ts': '' })
  git(outer, 'submodule', 'add', '-q', root, 'inner')
  for (const [folder, branch] of [
    [linked, 'side'],
    [join(outer, 'inner'), 'trunk'],
  ] as const) {
    writeFileSync(join(folder, 'main.ts'), 'two\n')
    const { identity: told, objects } = await found(join(folder, 'main.ts'))
    assert.ok(told.commit !== null)
    assert.deepEqual([told.commit, told.branch, told.changes], [head(root), branch, [' M main.ts']])
    assert.match(Buffer.from(objects[0]!.bytes).toString(), /^-one\n\+two$/m)
  }
})

test('should keep a patch that makes the bundled files of those of the commit', async () => {
  const was = {
    'main.ts': 'one\ntwo\nthree\n',
    'with space/ünd.ts': 'a\r\nb',
    'latin.txt': Buffer.from([0xe4, 0x0a]).toString('latin1'),
    'same.ts': 'same\n',
    '.gitattributes': '*.ts text eol=lf working-tree-encoding=UTF-16\n*.txt -diff\n',
  }
  const root = repository(trees, { 'main.ts': was['main.ts'] })
  for (const [name, text] of Object.entries(was)) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), text, 'latin1')
  }
  for (const name of Object.keys(was)) {
    const id = git(root, 'hash-object', '-w', '--no-filters', name)
    git(root, 'update-index', '--add', '--cacheinfo', `100755,${id},${name}`)
  }
  git(root, 'commit', '-q', '-m', 'second')
  const now: Record<string, Buffer> = {
    'main.ts': Buffer.from('one\n2\nthree\nfour'),
    'with space/ünd.ts': Buffer.from('a\nb\r\n'),
    'latin.txt': Buffer.from([0xe4, 0xfc, 0x0a]),
    '.gitattributes': Buffer.from('* binary\n'),
    'same.ts': Buffer.from('same\n'),
  }
  const paths = Object.keys(now).map((name) => join(root, name))
  const sources = Object.entries(now).map(([name, bytes]) => ({ path: join(root, name), bytes }))
  // The work tree is as it was: what counts is what was bundled.
  const {
    identity: told,
    objects,
    changed,
  } = await identifyCode(await readRepository(paths[0]!), paths[0]!, sources)
  assert.ok(told.commit !== null && told.dirty)
  assert.deepEqual(
    [...changed].sort(),
    ['.gitattributes', 'latin.txt', 'main.ts', 'with space/ünd.ts'].sort(),
  )
  const [patch] = objects
  assert.deepEqual(told.patch, { sha256: sha256(patch!.bytes), bytes: patch!.bytes.length })
  assert.equal(objects.length, 1)
  const clone = trees.plant({ patch: '' })
  writeFileSync(join(clone, 'patch'), patch!.bytes)
  const there = join(clone, 'there')
  for (const name of Object.keys(was)) {
    mkdirSync(join(there, name, '..'), { recursive: true })
    const bytes = execFileSync('git', ['cat-file', 'blob', `HEAD:${name}`], { cwd: root })
    writeFileSync(join(there, name), bytes, { mode: 0o755 })
  }
  // Outside of any repository, where git converts nothing.
  execFileSync('git', ['apply', join(clone, 'patch')], {
    cwd: there,
    env: { ...process.env, GIT_CEILING_DIRECTORIES: clone },
  })
  for (const [name, bytes] of Object.entries(now))
    assert.deepEqual(readFileSync(join(there, name)), bytes, name)
})

test('should find changes that the index hides, and bytes that git converted', async () => {
  const root = repository(trees, { 'main.ts': 'one\n', 'hidden.ts': 'one\n', 'crlf.ts': 'one\n' })
  git(root, 'update-index', '--assume-unchanged', 'hidden.ts')
  writeFileSync(join(root, 'hidden.ts'), 'two\n')
  git(root, 'config', 'core.autocrlf', 'true')
  writeFileSync(join(root, 'crlf.ts'), 'one\r\n')
  const files = ['main.ts', 'hidden.ts', 'crlf.ts'].map((name) => join(root, name))
  const { identity: told, changed, objects } = await found(...files)
  assert.ok(told.commit !== null && told.dirty)
  assert.deepEqual(
    told.changes.filter((line) => line.includes('hidden')),
    [],
  )
  assert.deepEqual(changed, ['hidden.ts', 'crlf.ts'])
  assert.match(Buffer.from(objects[0]!.bytes).toString(), /^-one\n\+two$/m)
})

test('should keep files that are used and in no commit, and never another', async () => {
  const secret = 'sesame-4711'
  const root = repository(trees, { 'main.ts': 'one\n', '.gitignore': 'ignored.ts\n', '.env': 'KEY=\n' })
  const outside = join(trees.plant({ 'shared.ts': 'shared\n' }), 'shared.ts')
  for (const name of ['ignored.ts', 'new.ts', 'staged.ts']) writeFileSync(join(root, name), `${name}\n`)
  git(root, 'add', 'staged.ts')
  writeFileSync(join(root, '.env'), `KEY=${secret}\n`)
  writeFileSync(join(root, 'notes.txt'), `${secret}\n`)
  appendFileSync(join(root, 'main.ts'), 'two\n')
  const used = ['main.ts', 'ignored.ts', 'new.ts', 'staged.ts'].map((name) => join(root, name))
  const { identity: told, objects } = await found(...used, outside)
  assert.ok(told.commit !== null)
  assert.deepEqual(told.untracked, [
    { path: 'ignored.ts', sha256: sha256('ignored.ts\n') },
    { path: 'new.ts', sha256: sha256('new.ts\n') },
    { path: 'staged.ts', sha256: sha256('staged.ts\n') },
    { path: 'outside/shared.ts', sha256: sha256('shared\n') },
  ])
  const kept = objects.map(({ bytes, digest }) => [sha256(bytes), digest])
  assert.deepEqual(
    kept.map(([, digest]) => digest),
    [told.patch?.sha256, ...told.untracked.map((file) => file.sha256)],
  )
  for (const [actual, digest] of kept) assert.equal(actual, digest)
  const everything = objects.map(({ bytes }) => Buffer.from(bytes).toString()).join('') + JSON.stringify(told)
  assert.equal(everything.includes(secret), false)
  assert.ok(told.changes.includes(' M .env'), 'the other files are named')
  assert.equal(everything.includes(trees.folder), false, 'no place of this machine')
})

test('should leave out a patch without bounds, and say so', async () => {
  const root = repository(trees, { 'main.ts': 'one\n', 'data.json': '"one"\n' })
  writeFileSync(join(root, 'data.json'), `"${'line\n'.repeat(900_000)}"`)
  const { identity: told, objects, changed } = await found(join(root, 'main.ts'), join(root, 'data.json'))
  assert.ok(told.commit !== null)
  assert.deepEqual([told.patch, objects, changed], [null, [], ['data.json']])
  assert.match(told.patchOmitted!.reason, /larger than 4194304 bytes/)
  assert.ok(told.patchOmitted!.bytes > 4_500_000)
})

test('should give no SWHIDs in a repository by SHA-256, and a patch all the same', async () => {
  const root = repository(trees, { 'main.ts': 'one\n' }, '--object-format=sha256')
  writeFileSync(join(root, 'main.ts'), 'two\n')
  const { identity: told, objects } = await found(join(root, 'main.ts'))
  assert.ok(told.commit !== null)
  assert.deepEqual([told.commit.length, told.tree!.length, told.swhids], [64, 64, null])
  const was = git(root, 'rev-parse', 'HEAD:main.ts')
  const now = git(root, 'hash-object', '--no-filters', 'main.ts')
  const text = Buffer.from(objects[0]!.bytes).toString()
  assert.ok(text.includes(`index ${was}..${now} 100644\n`), text)
})

test('should give the SWHIDs that Software Heritage itself computes', async (t) => {
  const root = repository(trees, { 'main.ts': 'one\n', 'deep/x.txt': '', 'deep.txt': 'x' })
  const script = [
    'import sys; from swh.model.from_disk import Content, Directory',
    'print(Content.from_file(path=sys.argv[1].encode(), max_content_length=None).swhid())',
    'print(Directory.from_disk(path=sys.argv[2].encode(), max_content_length=None).swhid())',
  ].join('\n')
  const checkout = trees.plant({})
  git(root, 'checkout-index', '-a', `--prefix=${checkout}/`)
  const python = process.env.REPRISE_TEST_SWH ?? 'python3'
  const answer = spawnSync(python, ['-c', script, join(root, 'main.ts'), checkout], { encoding: 'utf8' })
  if (answer.error !== undefined || /ModuleNotFoundError/.test(answer.stderr))
    return t.skip('swh.model is not installed: pip install swh.model, REPRISE_TEST_SWH=<its python3>')
  const told = await commitOf(join(root, 'main.ts'))
  assert.equal(answer.stdout.trim(), `${told.swhids!.content}\n${told.swhids!.directory}`, answer.stderr)
})

test('should tell of remotes no more than where the code is', async () => {
  const root = repository(trees)
  git(root, 'remote', 'add', 'origin', 'https://user:sesame@example.org/code.git?token=sesame')
  git(root, 'remote', 'add', 'local', join(trees.folder, 'sesame'))
  const known = await commitOf(join(root, 'main.ts'))
  assert.deepEqual(known.remotes, [{ name: 'origin', url: 'https://example.org/code.git' }])
  const text = JSON.stringify(known)
  for (const secret of ['sesame', 'user', root, trees.folder])
    assert.equal(text.includes(secret), false, secret)
})

test('should say why an experiment among packages has no commit', async () => {
  const root = repository(trees, { 'node_modules/p/main.ts': 'one\n' })
  const file = join(root, 'node_modules/p/main.ts')
  const { identity: told } = await identifyCode(await readRepository(file), file, [])
  assert.ok(told.commit === null)
  assert.match(told.reason, /below a folder node_modules/)
})
