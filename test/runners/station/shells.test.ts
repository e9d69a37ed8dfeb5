/** Any login shell, noisy or silent, leads to a station or to words that say why not; hostile paths arrive as they are. */
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStation } from '../../../runners/station/open.ts'
import { filesIn, folderFor, has, localShell, stationFor } from './shell.ts'

const NOISE = `printf 'Welcome\\nREPRISE-\\033[1m{"ready":true}\\n'; echo noise >&2; seq 5000`

const SHELLS: Readonly<Record<string, readonly string[]>> = {
  csh: ['csh', '-c', 'exec /bin/sh'],
  fish: ['fish', '-c', 'exec /bin/sh'],
  'a login bash': ['bash', '-lc', 'exec /bin/sh'],
  'a shell that reads no further than it must': ['bash', '--posix'],
  'a shell that prints before': ['sh', '-c', `${NOISE}; exec /bin/sh`],
  'a shell that says what it does': ['sh', '-c', 'exec /bin/sh -x -v'],
  'a shell that prints what it reads': ['sh', '-c', 'tee /dev/stderr | /bin/sh'],
}

for (const [name, words] of Object.entries(SHELLS)) {
  test(`should open through ${name}`, async (t) => {
    if (!has(words[0]!)) {
      console.log(`SKIPPING what needs ${words[0]}: it is not here`)
      return t.skip()
    }
    const station = await stationFor(t, {}, words)
    assert.equal(station.facts.node, process.version)
    await station.close()
  })
}

async function refusalOf(
  words: readonly string[],
  options: object = {},
): Promise<{ code: string; line: string }> {
  const shell = localShell(words)
  try {
    await openStation(shell, options)
  } catch (error) {
    await shell.ended
    return error as { code: string; line: string }
  } finally {
    shell.kill()
  }
  throw new Error('it was opened')
}

test('should say what was printed where no station answers', async () => {
  const patience = { answerMs: 1_500 }
  const silent = await refusalOf(['sh', '-c', 'echo This account is closed; exec sleep 60'], { patience })
  assert.equal(silent.code, 'engine')
  assert.match(silent.line, /did not answer within 1.5 s and printed: This account is closed/)
  const dead = await refusalOf(['sh', '-c', 'echo go away >&2; exit 3'])
  assert.match(dead.line, /ended \(exit 3\) and printed: go away/)
  const endless = await refusalOf(['sh', '-c', 'exec yes'])
  assert.match(endless.line, /prints without end/)
})

test('should find a Node that will do, and say which were too old', async (t) => {
  const folder = folderFor(t)
  const program = (name: string, text: string) => {
    const path = join(folder, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, `#!/bin/sh\n${text}\n`)
    chmodSync(path, 0o755)
    return path
  }
  const old = program('old/node', 'case "$1" in --version) echo v18.1.0;; *) exit 1;; esac')
  const newest = '.nvm/versions/node/v100.0.0/bin/node'
  program('.nvm/versions/node/v99.0.0/bin/node', `exec ${process.execPath} "$@"`)
  program(newest, `echo took it >> ${folder}/taken; exec ${process.execPath} "$@"`)
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NVM_DIR: undefined,
    HOME: folder,
    PATH: `${folder}/old:/usr/bin:/bin`,
  }
  const shell = localShell(['/bin/sh'], env)
  t.after(() => shell.kill())
  const station = await openStation(shell)
  assert.equal(station.facts.directory, join(folder, '.cache/reprise'))
  assert.ok(existsSync(join(folder, 'taken')))
  await station.close()
  const refused = await refusalOf(['/bin/sh'], { node: old, directory: folder })
  assert.equal(refused.code, 'not-found')
  assert.match(refused.line, /no Node 20\.19 or later as ".*\/old\/node": found .*old\/node v18\.1\.0/)
  assert.match((await refusalOf(['/bin/sh'], { node: 'no-such-node' })).line, /none was found/)
})

const HOSTILE = ['$(touch PWN)`touch PWN`";touch PWN;"', "a'b\n\n''two", '-rf', ' žluť  😀 %41?#*!x $HOME~ ']

test('should use folders and Nodes whose names no shell must read, and execute nothing of them', async (t) => {
  const folder = folderFor(t)
  for (const name of HOSTILE) {
    const bin = join(folder, 'bin', name)
    mkdirSync(bin, { recursive: true })
    symlinkSync(process.execPath, join(bin, 'node'))
    const directory = join(folder, 'kept', name)
    const shell = localShell(['/bin/sh'], { ...process.env, HOME: join(folder, 'bin') }, folder)
    const station = await openStation(shell, { directory, node: `~/${name}/node` })
    assert.equal(station.facts.directory, directory)
    await station.close()
  }
  const inside = filesIn(folder).map((name) => name.split('/'))
  assert.equal(inside.filter((parts) => parts[0] === 'kept' && parts.length === 2).length, HOSTILE.length)
  assert.ok(!inside.some((parts) => parts.at(-1) === 'PWN') && !existsSync('PWN'))
  for (const directory of ['', 'a\0b', '\ud800'])
    assert.equal((await refusalOf(['/bin/sh'], { directory })).code, 'usage')
  assert.equal((await refusalOf(['/bin/sh'], { directory: join(folder, 'a\\b') })).code, 'refused')
})
