/** Completion in the real shells: keys are typed at a terminal, Tab among them, and what the shell then executes is looked at. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { MAIN, mean, Project } from './project.ts'

const TERMINAL = fileURLToPath(new URL('../../../test/cli/terminal.py', import.meta.url))

/** How each shell is started, bare of anybody's own settings, and told of the completion. */
const SHELLS: Readonly<Record<string, { readonly start: readonly string[]; readonly first: string }>> = {
  bash: {
    start: ['bash', '--norc', '--noprofile', '-i'],
    first: 'PS1="READY> "; eval "$(reprise completion bash)"',
  },
  zsh: {
    start: ['zsh', '-f', '-i'],
    first: 'PS1="READY> "; autoload -Uz compinit; compinit -u -D; eval "$(reprise completion zsh)"',
  },
  fish: {
    start: ['fish', '--no-config', '--private', '-i'],
    first: 'function fish_prompt; echo "READY> "; end; reprise completion fish | source',
  },
}

/** What the shell is asked for at every terminal, and what only one needs to show. */
const cases = (shell: string, id: string): readonly (readonly string[])[] => [
  ['verif\t', 'verify'],
  [`show ${id.slice(0, 12)}\t`, 'show', id],
  ['check x\t', 'check', 'x.ts'],
  ...(shell === 'bash'
    ? [
        ['results --form\tpar\t', 'results', '--format', 'parquet'],
        ['show walk\t', 'show', id], // by the experiment's name
        ['key sho\t', 'key', 'show'],
      ]
    : []),
]

/** Types these lines at a terminal of the shell's and gives what was seen there. */
async function typed(project: Project, shell: string, lines: readonly string[]): Promise<string> {
  const { start, first } = SHELLS[shell]!
  const keys = [`${first}\n`, ...lines.map((words) => `reprise ${words}\n`), 'exit\n']
  const prompt = '(READY> |[$#%>] )[^\\n]*$'
  const child = spawn('python3', [TERMINAL, prompt, JSON.stringify(keys), ...start], {
    cwd: project.folder,
    env: {
      HOME: project.path('home'),
      TERM: 'dumb',
      LC_ALL: 'C.UTF-8',
      PATH: [join(project.folder, 'bin'), process.env.PATH].join(delimiter),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 90_000,
  })
  const [seen] = await Promise.all([text(child.stdout), once(child, 'close')])
  return seen
}

test('should complete commands, options, values, runs and files in bash, zsh and fish', async (t) => {
  if (spawnSync('python3', ['--version']).error !== undefined) return t.skip('python3 is not here')
  const { project, run } = await Project.ran(t, { 'x.ts': mean({ name: 'walker' }) })
  // A reprise that completes in earnest, and else says what it was asked.
  const shim = `#!/bin/sh
case "$1" in complete|completion) exec '${process.execPath}' '${MAIN}' "$@" ;; esac
printf 'RAN<%s>' "$@"; echo
`
  chmodSync(project.write('bin/reprise', shim), 0o755)
  await Promise.all(
    Object.keys(SHELLS).map((shell) =>
      t.test(shell, async (t) => {
        if (spawnSync(shell, ['--version']).error !== undefined) return t.skip(`${shell} is not here`)
        const asked = cases(shell, run.run)
        const seen = await typed(
          project,
          shell,
          asked.map(([words]) => words!),
        )
        for (const [words, ...ran] of asked)
          assert.ok(seen.includes(ran.map((word) => `RAN<${word}>`).join('')), `${words}: ${seen}`)
      }),
    ),
  )
})

test('should tell a broken lab by nothing, and no file of the lab', async (t) => {
  const project = new Project(t, {
    '.reprise/runs/20260101T000000000-abcdef/results.sqlite': 'not a database',
  })
  const { code, stdout, stderr } = await project.reprise('complete', '--', 'show', '2')
  assert.deepEqual([code, stdout, stderr], [0, '20260101T000000000-abcdef\t\n:files\n', ''])
})
