/**
 * What README.md and REPRODUCE.md tell the reader to type is typed here: every ```sh block, in order, in one fresh
 * copy of the repository. A block after `<!-- not tested: reason -->` is left out.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGES = ['README.md', 'REPRODUCE.md']
const BLOCK = /(?:^<!-- not tested: (?<reason>[^>]+) -->\n)?^```sh\n(?<text>[\s\S]*?)^```$/gm

/** Whether blocks that execute the Python example can be run here. */
const PYTHON = spawnSync('python3', ['--version']).status === 0

interface Block {
  readonly line: number
  readonly text: string
  /** Why it is not run, or null. */
  readonly reason: string | null
}

function blocksOf(page: string): Block[] {
  const whole = readFileSync(join(ROOT, page), 'utf8')
  return [...whole.matchAll(BLOCK)].map((match) => ({
    line: whole.slice(0, match.index).split('\n').length,
    text: match.groups!.text!,
    reason: match.groups!.reason ?? null,
  }))
}

/** The files that git knows, as they are now, with what `npm ci` would have put beside them. */
function freshCopy(): string {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'reprise-readme-')))
  const listed = spawnSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 })
  assert.equal(listed.status, 0, `git ls-files: ${listed.stderr}`)
  for (const name of listed.stdout
    .split('\0')
    .filter((name) => name !== '' && existsSync(join(ROOT, name)))) {
    mkdirSync(dirname(join(copy, name)), { recursive: true })
    cpSync(join(ROOT, name), join(copy, name))
  }
  cpSync(join(ROOT, 'dist'), join(copy, 'dist'), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  mkdirSync(join(copy, 'home'))
  return copy
}

test('should do what README.md and REPRODUCE.md say', { timeout: 900_000 }, async (t) => {
  if (spawnSync('git', ['rev-parse', '--git-dir'], { cwd: ROOT }).status !== 0) {
    console.error(
      'SKIPPING the README: this is no git repository, so it cannot be told which files belong to it',
    )
    return t.skip('not a git repository')
  }
  const copy = freshCopy()
  t.after(() => rmSync(copy, { recursive: true, force: true }))
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
    HOME: join(copy, 'home'),
    TMPDIR: tmpdir(),
    npm_config_offline: 'true', // what is not here must not be fetched behind the reader's back
    npm_config_yes: 'false',
    npm_config_update_notifier: 'false',
  }
  let run = 0
  for (const page of PAGES) {
    if (!existsSync(join(ROOT, page))) {
      console.error(`SKIPPING ${page}: it is not there`)
      continue
    }
    for (const { line, text, reason } of blocksOf(page)) {
      await t.test(`${page}:${line}`, (t) => {
        if (reason !== null) return t.skip(reason)
        if (/\bpython\b/.test(text) && !PYTHON) return t.skip('NOT TESTED: python3 is not installed')
        run++
        const done = spawnSync('bash', ['-eu', '-o', 'pipefail', '-c', text], {
          cwd: copy,
          env,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        assert.equal(done.status, 0, `${text}\nended with ${done.status}\n${done.stdout}\n${done.stderr}`)
      })
    }
  }
  assert.ok(run > 0 || !existsSync(join(ROOT, 'README.md')), 'README.md has a block that is run')
})
