/**
 * What a page tells its reader to type is typed here: every ```sh block, in order, in the folder where the block before
 * it ended. Where a ```text block follows, that is what the screen says: each of its lines is found in the output, in
 * order; `…` stands for anything. Not run are blocks after `<!-- not tested: reason -->`, and those with words after
 * `sh`, which name what is not here and the suite that does the same: ```sh cluster test/x.test.ts.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BLOCK =
  /(?:^<!-- not tested: (?<reason>[^>]+) -->\n)?^```sh(?: (?<lacks>\S+) (?<suite>\S+))?\n(?<text>[\s\S]*?)^```$(?:\n\n```text\n(?<shown>[\s\S]*?)^```$)?/gm

/** Whether blocks that execute programs in Python can be run here. */
const PYTHON = spawnSync('python3', ['--version']).status === 0
/** Whether those that typeset can be: the program, and what tables need. */
const LATEX = spawnSync('kpsewhich', ['booktabs.sty']).status === 0

interface Block {
  readonly line: number
  readonly text: string
  /** What the page says that the screen says, or null. */
  readonly shown: string | null
  /** Why it is not run, or null. */
  readonly reason: string | null
}

/** The ```sh blocks of a page, whose path is one from the repository's root. */
export function blocksOf(page: string): Block[] {
  const whole = readFileSync(join(ROOT, page), 'utf8')
  const blocks = [...whole.matchAll(BLOCK)].map(({ index, groups }) => {
    const { text, shown = null, reason = null, lacks, suite } = groups as Record<string, string | undefined>
    if (suite !== undefined) assert.ok(existsSync(join(ROOT, suite)), `${page}: ${suite} is there`)
    return {
      line: whole.slice(0, index).split('\n').length,
      text: text!,
      shown,
      reason: suite === undefined ? reason : `needs a ${lacks}: ${suite} does the same`,
    }
  })
  const fences = whole.match(/^```sh\b/gm)?.length ?? 0
  assert.equal(blocks.length, fences, `${page}: every block is read`)
  return blocks
}

/** The files that git knows, as they are now, with what `npm ci` would have put beside them; null where there is no git. */
export function freshCopy(parent: string): string | null {
  const listed = spawnSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (listed.status !== 0) return null
  const copy = join(parent, 'reprise')
  for (const name of listed.stdout.split('\0')) {
    if (name === '' || !existsSync(join(ROOT, name))) continue
    mkdirSync(dirname(join(copy, name)), { recursive: true })
    cpSync(join(ROOT, name), join(copy, name))
  }
  cpSync(join(ROOT, 'dist'), join(copy, 'dist'), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** A folder of its own, for a reader's whole world. */
export function freshFolder(name: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `reprise-${name}-`)))
}

/** The blocks of the pages as tests of `t`, one after the other. `home` is the reader's; every page begins in `folder`. Returns how many were run. */
export async function typeBlocks(
  t: TestContext,
  pages: readonly string[],
  { folder, home }: { folder: string; home: string },
): Promise<number> {
  mkdirSync(home, { recursive: true })
  const place = join(home, 'place')
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
    HOME: home,
    TMPDIR: tmpdir(),
    npm_config_offline: 'true', // what is not here must not be fetched behind the reader's back
    npm_config_yes: 'false',
    npm_config_ignore_scripts: 'true', // npx in a clone would build it once more, for minutes
    npm_config_update_notifier: 'false',
    PLACE: place,
    // whoever uses git has a name
    GIT_AUTHOR_NAME: 'A Reader',
    GIT_AUTHOR_EMAIL: 'reader@example.org',
    GIT_COMMITTER_NAME: 'A Reader',
    GIT_COMMITTER_EMAIL: 'reader@example.org',
  }
  let run = 0
  const left: string[] = []
  for (const page of pages) {
    let cwd = folder
    for (const { line, text, shown, reason } of blocksOf(page)) {
      await t.test(`${page}:${line}`, (t) => {
        if (reason !== null) {
          left.push(`${page}:${line} ${reason}`)
          return t.skip(reason)
        }
        if (/\bpython\b/.test(text) && !PYTHON) return t.skip('NOT TESTED: python3 is not installed')
        if (/\bpdflatex\b/.test(text) && !LATEX)
          return t.skip('NOT TESTED: LaTeX with booktabs is not installed')
        run++
        const script = `exec 2>&1\n${text}pwd > "$PLACE"\n`
        const { status, stdout } = spawnSync('bash', ['-eu', '-o', 'pipefail', '-c', script], {
          cwd,
          env,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        assert.equal(status, 0, `${text}\nended with ${status}\n${stdout}`)
        cwd = readFileSync(place, 'utf8').trimEnd()
        if (shown !== null) demandShown(shown, stdout)
      })
    }
  }
  if (left.length > 0) console.error(`NOT RUN HERE: ${left.length} blocks\n  ${left.join('\n  ')}`)
  return run
}

function demandShown(shown: string, output: string): void {
  const lines = output.split('\n').map((line) => line.trimEnd())
  let next = 0
  for (const line of shown.trimEnd().split('\n')) {
    if (line === '…') continue
    const pattern = new RegExp(`^${line.trimEnd().split('…').map(escaped).join('.*')}$`)
    const at = lines.findIndex((candidate, i) => i >= next && pattern.test(candidate))
    assert.ok(at >= 0, `the screen says\n  ${line}\nafter what was found before, in\n${output}`)
    next = at + 1
  }
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
