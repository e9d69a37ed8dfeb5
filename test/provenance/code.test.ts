/** Code identity: what git says, and that asking executes nothing that a repository brings along. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { codeIdentity } from '../../provenance/code.ts'
import { type Files, Trees } from './tree.ts'

const trees = new Trees()
after(() => trees.remove())

const WHO = [
  '-c',
  'user.name=n',
  '-c',
  'user.email=e@example.org',
  '-c',
  'protocol.file.allow=always',
  '-c',
  'commit.gpgsign=false',
]

function git(folder: string, ...words: string[]): string {
  const env = { PATH: process.env.PATH, HOME: trees.folder, GIT_CONFIG_NOSYSTEM: '1' }
  return execFileSync('git', [...WHO, ...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 20_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
}

function repository(files: Files = { 'main.ts': 'one\n' }): string {
  const root = trees.plant(files)
  git(root, 'init', '-q', '-b', 'trunk')
  git(root, 'add', '.')
  git(root, 'commit', '-q', '-m', 'first')
  return root
}

const head = (root: string) => git(root, 'rev-parse', 'HEAD')

test('should name commit and branch of a clean repository, from any folder in it', async () => {
  const root = repository({ 'main.ts': 'one\n', 'deep/er/main.ts': '' })
  const expected = { commit: head(root), branch: 'trunk', dirty: false, changes: [] }
  assert.deepEqual(await codeIdentity(join(root, 'main.ts')), expected)
  assert.deepEqual(await codeIdentity(join(root, 'deep/er/main.ts')), expected)
})

test('should say what was changed beside the commit', async () => {
  const root = repository({ 'main.ts': 'one\n', 'gone.ts': '' })
  writeFileSync(join(root, 'main.ts'), 'two\n')
  writeFileSync(join(root, 'new file.ts'), '')
  rmSync(join(root, 'gone.ts'))
  const found = await codeIdentity(join(root, 'main.ts'))
  assert.deepEqual(found, {
    commit: head(root),
    branch: 'trunk',
    dirty: true,
    changes: [' D gone.ts', ' M main.ts', '?? "new file.ts"'],
  })
})

test('should not list changes without end', async () => {
  const root = repository()
  for (let i = 0; i < 150; i++) writeFileSync(join(root, `${i}.ts`), '')
  const found = await codeIdentity(join(root, 'main.ts'))
  assert.ok(found.commit !== null && found.dirty)
  assert.equal(found.changes.length, 100)
})

test('should know a detached head', async () => {
  const root = repository()
  git(root, 'checkout', '-q', '--detach')
  assert.deepEqual(await codeIdentity(join(root, 'main.ts')), {
    commit: head(root),
    branch: null,
    dirty: false,
    changes: [],
  })
})

test('should say why there is no commit to name', async () => {
  const bare = trees.plant({ 'main.ts': '' })
  assert.deepEqual(await codeIdentity(join(bare, 'main.ts')), {
    commit: null,
    reason: 'not in a git repository',
  })
  git(bare, 'init', '-q')
  assert.deepEqual(await codeIdentity(join(bare, 'main.ts')), {
    commit: null,
    reason: 'the git repository has no commit yet',
  })
  const missing = await codeIdentity(join(trees.folder, 'no/such/folder/main.ts'))
  assert.equal(missing.commit, null)
  const broken = repository()
  writeFileSync(join(broken, '.git/config'), '[broken')
  const found = await codeIdentity(join(broken, 'main.ts'))
  assert.ok(found.commit === null && !found.reason.includes(broken), JSON.stringify(found))
})

test('should ask the repository of the file, not that of the environment', async () => {
  const root = repository()
  const other = repository({ 'main.ts': 'other\n' })
  process.env.GIT_DIR = join(other, '.git')
  process.env.GIT_WORK_TREE = other
  try {
    assert.equal((await codeIdentity(join(root, 'main.ts'))).commit, head(root))
  } finally {
    delete process.env.GIT_DIR
    delete process.env.GIT_WORK_TREE
  }
})

/** A program that leaves its name in `ran` when somebody executes it. */
function trap(folder: string, name: string, then = 'cat'): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\necho ${name} >> '${join(folder, 'ran')}'\n${then}\n`)
  chmodSync(path, 0o755)
  return path
}

test('should execute nothing that a repository asks for', async () => {
  const traps = trees.plant({})
  const ran = join(traps, 'ran')
  const part = repository({ 'part.txt': 'part\n' })
  const root = repository({ 'main.ts': 'one\n', 'a.txt': 'aaaa\n', 'b.md': 'bbbb\n' })
  git(root, 'submodule', 'add', '-q', part, 'part')
  git(root, 'commit', '-q', '-m', 'submodule')
  writeFileSync(join(root, '.gitattributes'), '*.txt filter=x diff=d\n*.md filter=a=b.c\n')
  const set = (folder: string, settings: Record<string, string>) => {
    for (const [key, value] of Object.entries(settings))
      execFileSync('git', ['config', '-f', folder, key, value])
  }
  const config = join(root, '.git/config')
  set(config, {
    'filter.x.clean': trap(traps, 'clean'),
    'filter.x.smudge': trap(traps, 'smudge'),
    'filter.x.required': 'true',
    'filter.a=b.c.process': trap(traps, 'process'),
    'core.fsmonitor': trap(traps, 'fsmonitor'),
    'core.hooksPath': traps,
    'core.pager': trap(traps, 'pager'),
    'core.editor': trap(traps, 'editor'),
    'core.sshCommand': trap(traps, 'ssh'),
    'core.askPass': trap(traps, 'askpass'),
    'credential.helper': trap(traps, 'credential'),
    'diff.external': trap(traps, 'external'),
    'diff.d.textconv': trap(traps, 'textconv'),
    'diff.d.command': trap(traps, 'command'),
    'gpg.program': trap(traps, 'gpg'),
    'log.showSignature': 'true',
    'status.submoduleSummary': 'true',
    'alias.status': `!${trap(traps, 'alias')}`,
    'alias.rev-parse': `!${trap(traps, 'alias')}`,
  })
  set(join(root, '.git/modules/part/config'), {
    'filter.y.clean': trap(traps, 'inner'),
    'core.fsmonitor': trap(traps, 'fsmonitor'),
  })
  writeFileSync(join(root, 'part/.gitattributes'), '* filter=y\n')
  for (const hook of ['post-index-change', 'reference-transaction', 'pre-auto-gc']) trap(traps, hook)
  for (const [file, text] of [
    ['a.txt', 'AAAA\n'],
    ['b.md', 'BBBB\n'],
    ['part/part.txt', 'PART\n'],
  ] as const) {
    writeFileSync(join(root, file), text)
    utimesSync(join(root, file), 1e9, 1e9)
  }
  const index = readFileSync(join(root, '.git/index'))
  const found = await codeIdentity(join(root, 'main.ts'))
  assert.equal(existsSync(ran) ? readFileSync(ran, 'utf8') : '', '')
  assert.deepEqual(found, {
    commit: found.commit,
    branch: 'trunk',
    dirty: true,
    changes: [' M a.txt', ' M b.md', '?? .gitattributes'],
  })
  assert.deepEqual(readFileSync(join(root, '.git/index')), index)
  execFileSync('git', ['status'], { cwd: root, stdio: 'ignore' })
  assert.ok(readFileSync(ran, 'utf8').includes('clean'), 'the trap must be one')
})

test('should fetch nothing for a partial clone', async () => {
  const traps = trees.plant({})
  const root = repository()
  const upload = trap(traps, 'upload', 'exit 1')
  const settings: Record<string, string> = {
    'core.repositoryFormatVersion': '1',
    'extensions.partialClone': 'origin',
    'remote.origin.url': `ext::${upload}`,
    'remote.origin.uploadpack': upload,
    'remote.origin.promisor': 'true',
    'protocol.ext.allow': 'always',
    'protocol.allow': 'always',
  }
  for (const [key, value] of Object.entries(settings)) git(root, 'config', key, value)
  const tree = git(root, 'rev-parse', 'HEAD^{tree}')
  rmSync(join(root, '.git/objects', tree.slice(0, 2), tree.slice(2)))
  const found = await codeIdentity(join(root, 'main.ts'))
  assert.equal(existsSync(join(traps, 'ran')), false)
  assert.equal(found.commit, null)
  try {
    git(root, 'status')
  } catch {} // plain git asks the remote, which is a trap
  assert.ok(statSync(join(traps, 'ran')).size > 0, 'the trap must be one')
})

test('should never tell of remotes, users or places', async () => {
  const root = repository()
  git(root, 'remote', 'add', 'origin', 'https://user:sesame@example.org/secret.git')
  const text = JSON.stringify(await codeIdentity(join(root, 'main.ts')))
  for (const secret of ['sesame', 'example.org', root, trees.folder])
    assert.equal(text.includes(secret), false, secret)
})
