/** Reading a repository executes nothing that it, or the environment, asks for: each trap here is one for plain git. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { configure, found, git, head, identity, repository, Traps } from './repositories.ts'
import { Trees } from './tree.ts'

const trees = new Trees()
after(() => trees.remove())

/** Changes a file so that git, which looks at times and sizes first, has to read it. */
function change(path: string, text: string): void {
  writeFileSync(path, text)
  utimesSync(path, 1e9, 1e9)
}

/** Git as it would be asked without any care. */
function plainGit(
  folder: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): void {
  spawnSync('git', words, { cwd: folder, stdio: 'ignore', timeout: 20_000, env: { ...process.env, ...env } })
}

test('should execute nothing that the configuration asks for', async () => {
  const traps = new Traps(trees)
  const part = repository(trees, { 'part.txt': 'part\n' })
  const root = repository(trees, { 'main.ts': 'one\n', 'a.txt': 'aaaa\n', 'b.md': 'bbbb\n', 'c.c': 'cccc\n' })
  git(root, 'submodule', 'add', '-q', part, 'part')
  git(root, 'commit', '-q', '-m', 'submodule')
  writeFileSync(
    join(root, '.gitattributes'),
    '*.txt filter=x diff=d\n*.md filter=a=b.c\n*.c filter=plain diff=d ident\n*.ts filter=x diff=d\n',
  )
  const config = join(root, '.git/config')
  configure(config, {
    'filter.x.clean': traps.set('clean'),
    'filter.x.smudge': traps.set('smudge'),
    'filter.x.required': 'true',
    'filter.a=b.c.process': traps.set('process'),
    'core.fsmonitor': traps.set('fsmonitor'),
    'core.hooksPath': traps.folder,
    'core.pager': traps.set('pager'),
    'pager.status': traps.set('pager'),
    'core.editor': traps.set('editor'),
    'core.sshCommand': traps.set('ssh'),
    'core.gitProxy': traps.set('proxy'),
    'core.askPass': traps.set('askpass'),
    'core.alternateRefsCommand': traps.set('refs'),
    'credential.helper': traps.set('credential'),
    'diff.external': traps.set('external'),
    'diff.d.textconv': traps.set('textconv'),
    'diff.d.command': traps.set('command'),
    'interactive.diffFilter': traps.set('interactive'),
    'gpg.program': traps.set('gpg'),
    'log.showSignature': 'true',
    'status.submoduleSummary': 'true',
    'submodule.part.update': `!${traps.set('update')}`,
    'uploadpack.packObjectsHook': traps.set('pack'),
    'alias.status': `!${traps.set('alias')}`,
    'alias.rev-parse': `!${traps.set('alias')}`,
    'alias.ls-tree': `!${traps.set('alias')}`,
    'include.path': join(traps.folder, 'included'),
  })
  configure(join(traps.folder, 'included'), { 'filter.plain.clean': traps.set('included-clean') })
  configure(join(root, '.git/modules/part/config'), {
    'filter.y.clean': traps.set('inner'),
    'core.fsmonitor': traps.set('fsmonitor'),
  })
  writeFileSync(join(root, 'part/.gitattributes'), '* filter=y\n')
  for (const hook of ['post-index-change', 'reference-transaction', 'pre-auto-gc', 'post-checkout'])
    traps.set(hook)
  for (const name of ['main.ts', 'a.txt', 'b.md', 'c.c', 'part/part.txt']) change(join(root, name), 'ZZZZ\n')
  const index = readFileSync(join(root, '.git/index'))
  const objects = readdirSync(join(root, '.git/objects'))
  const files = ['main.ts', 'a.txt', 'part/part.txt'].map((name) => join(root, name))
  const { identity: told, changed } = await found(...files)
  assert.equal(traps.ran, '')
  assert.ok(told.commit !== null)
  assert.deepEqual(told.changes, [' M a.txt', ' M b.md', ' M c.c', ' M main.ts', '?? .gitattributes'])
  assert.deepEqual(changed, ['main.ts', 'a.txt'])
  assert.ok(told.patch !== null && told.patch !== undefined)
  assert.deepEqual(
    told.untracked?.map(({ path }) => path),
    ['part/part.txt'],
    'another repository’s',
  )
  assert.deepEqual(readFileSync(join(root, '.git/index')), index)
  assert.deepEqual(readdirSync(join(root, '.git/objects')), objects, 'nothing is written there')
  plainGit(root, ['status'])
  plainGit(root, ['diff', 'HEAD'])
  for (const trap of ['clean', 'process', 'fsmonitor', 'included-clean', 'command'])
    assert.ok(traps.ran.includes(`${trap}\n`), `the trap must be one: ${trap} among ${traps.ran}`)
})

test('should execute no filter whose name is no text', async () => {
  const traps = new Traps(trees)
  const root = repository(trees, { 'main.ts': 'one\n', 'a.txt': 'aaaa\n' })
  const raw = (text: string) => Buffer.from(text, 'latin1')
  appendFileSync(join(root, '.git/config'), raw(`[filter "\xff"]\n\tclean = ${traps.set('clean')}\n`))
  writeFileSync(join(root, '.gitattributes'), raw('*.txt filter=\xff\n'))
  change(join(root, 'a.txt'), 'ZZZZ\n')
  const told = await identity(join(root, 'main.ts'))
  assert.deepEqual([traps.ran, told], ['', { commit: null, reason: 'the name of a filter is not text' }])
  plainGit(root, ['status'])
  assert.equal(traps.ran, 'clean\n', 'the trap must be one')
})

test('should heed no variable of the environment', async () => {
  const traps = new Traps(trees)
  const root = repository(trees, { 'main.ts': 'one\n', 'a.txt': 'aaaa\n' })
  const other = repository(trees, { 'main.ts': 'other\n' })
  writeFileSync(join(root, '.gitattributes'), '*.txt filter=v\n')
  change(join(root, 'a.txt'), 'ZZZZ\n')
  const config = join(traps.folder, 'config')
  configure(config, { 'core.fsmonitor': traps.set('fsmonitor') })
  const set: Record<string, string> = {
    GIT_DIR: join(other, '.git'),
    GIT_WORK_TREE: other,
    GIT_INDEX_FILE: join(traps.folder, 'index'),
    GIT_OBJECT_DIRECTORY: join(other, '.git/objects'),
    GIT_EXTERNAL_DIFF: traps.set('external'),
    GIT_PAGER: traps.set('pager'),
    GIT_SSH_COMMAND: traps.set('ssh'),
    GIT_ASKPASS: traps.set('askpass'),
    GIT_EDITOR: traps.set('editor'),
    GIT_CONFIG_GLOBAL: config,
    GIT_CONFIG_PARAMETERS: `'filter.v.clean'='${traps.set('clean')}'`,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.fsmonitor',
    GIT_CONFIG_VALUE_0: traps.set('monitor'),
    GIT_TRACE: join(traps.folder, 'ran'),
    GIT_TRACE2_EVENT: join(traps.folder, 'ran'),
    GIT_NAMESPACE: 'elsewhere',
    GIT_REPLACE_REF_BASE: 'refs/elsewhere/',
  }
  const before = Object.fromEntries(Object.keys(set).map((name) => [name, process.env[name]]))
  Object.assign(process.env, set)
  try {
    const told = await identity(join(root, 'main.ts'))
    assert.equal(traps.ran, '')
    assert.ok(told.commit !== null)
    assert.deepEqual(told.changes, [' M a.txt', '?? .gitattributes'])
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
  assert.equal((await identity(join(root, 'main.ts'))).commit, head(root))
  const { GIT_DIR: _, GIT_WORK_TREE: __, GIT_INDEX_FILE: ___, GIT_OBJECT_DIRECTORY: ____, ...rest } = set
  plainGit(root, ['status'], rest)
  assert.ok(/^(monitor|fsmonitor|clean)$/m.test(traps.ran), 'the traps must be some')
})

test('should fetch nothing for a partial clone', async () => {
  const traps = new Traps(trees)
  const root = repository(trees)
  const upload = traps.set('upload', 'exit 1')
  configure(join(root, '.git/config'), {
    'core.repositoryFormatVersion': '1',
    'extensions.partialClone': 'origin',
    'remote.origin.url': `ext::${upload}`,
    'remote.origin.uploadpack': upload,
    'remote.origin.promisor': 'true',
    'protocol.ext.allow': 'always',
    'protocol.allow': 'always',
  })
  const tree = git(root, 'rev-parse', 'HEAD^{tree}')
  const blob = git(root, 'rev-parse', 'HEAD:main.ts')
  const lose = (id: string) => rmSync(join(root, '.git/objects', id.slice(0, 2), id.slice(2)))
  lose(blob)
  change(join(root, 'main.ts'), 'ZZZ\n')
  const part = await identity(join(root, 'main.ts'))
  assert.ok(part.commit !== null)
  assert.deepEqual([part.remotes, part.patch, traps.ran], [[], null, ''])
  assert.match(part.patchOmitted!.reason, /git could not make it/)
  lose(tree)
  assert.equal((await identity(join(root, 'main.ts'))).commit, null)
  assert.equal(traps.ran, '')
  plainGit(root, ['status']) // asks the remote, which is a trap
  assert.ok(traps.ran.includes('upload'), 'the trap must be one')
})

test('should look at no work tree but the one that the file lies in', async () => {
  const victim = repository(trees, { 'private.txt': 'mine\n' })
  writeFileSync(join(victim, 'diary.txt'), 'mine\n')
  const root = repository(trees, { 'main.ts': 'one\n' })
  for (const elsewhere of [victim, dirname(victim), '/']) {
    git(root, 'config', 'core.worktree', elsewhere)
    const told = await identity(join(root, 'main.ts'))
    assert.deepEqual(told, { commit: null, reason: 'the work tree of the git repository lies elsewhere' })
  }
})

test('should read a repository behind a link or a file, and execute nothing there', async () => {
  const traps = new Traps(trees)
  for (const kind of ['link', 'file'] as const) {
    const root = repository(trees, { 'main.ts': 'one\n' })
    writeFileSync(join(root, '.gitattributes'), '* filter=x\n')
    configure(join(root, '.git/config'), {
      'filter.x.clean': traps.set('clean'),
      'core.fsmonitor': traps.set('m'),
    })
    const commit = head(root)
    const real = join(trees.plant({}), 'real')
    renameSync(join(root, '.git'), real)
    if (kind === 'link') symlinkSync(real, join(root, '.git'))
    else writeFileSync(join(root, '.git'), `gitdir: ${real}\n`)
    change(join(root, 'main.ts'), 'ZZZ\n')
    const before = traps.ran
    const { identity: told, objects } = await found(join(root, 'main.ts'))
    assert.deepEqual([told.commit, objects.length, traps.ran], [commit, 1, before], kind)
  }
  const looped = trees.plant({ 'main.ts': '' })
  symlinkSync('.git', join(looped, '.git'))
  assert.equal((await identity(join(looped, 'main.ts'))).commit, null)
})

test('should take no object for another', async () => {
  const root = repository(trees, { 'main.ts': 'one\n' })
  const commit = head(root)
  const tree = git(root, 'rev-parse', 'HEAD^{tree}')
  writeFileSync(join(root, 'main.ts'), 'evil\n')
  git(root, 'commit', '-q', '-a', '-m', 'evil')
  git(root, 'replace', commit, head(root))
  git(root, 'reset', '-q', '--soft', commit)
  assert.notEqual(git(root, 'rev-parse', 'HEAD^{tree}'), tree, 'the trap must be one')
  const { identity: told, changed } = await found(join(root, 'main.ts'))
  assert.ok(told.commit !== null)
  assert.deepEqual([told.commit, told.tree, changed, told.dirty], [commit, tree, ['main.ts'], true])
})

test('should survive settings that name what cannot be read, and formats that it does not know', async () => {
  const hostile: Record<string, string>[] = [
    { 'extensions.unheardOf': 'true', 'core.repositoryFormatVersion': '1' },
    { 'core.repositoryFormatVersion': '99' },
    { 'core.bare': 'true' },
    { 'core.attributesFile': '/dev/zero', 'core.excludesFile': '/dev/zero' },
    { 'include.path': '/proc/self/mem' },
    { 'include.path': 'config' },
  ]
  for (const settings of hostile) {
    const root = repository(trees, { 'main.ts': 'one\n' })
    configure(join(root, '.git/config'), settings)
    const { commit } = await identity(join(root, 'main.ts'))
    assert.ok(commit === null || commit === head(root), JSON.stringify(settings))
  }
  const odd = repository(trees, { 'main.ts': 'one\n' })
  mkdirSync(join(odd, 'sub'))
  execFileSync('git', ['init', '-q', '--bare', join(odd, 'sub/inner.git')])
  assert.equal((await identity(join(odd, 'main.ts'))).commit, head(odd))
})
