/** What is offered, from the real command tree: every command and every option, and of arguments what their names say. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command } from 'commander'
import { candidatesFor, fitting } from '../../cli/candidates.ts'
import { program } from '../../cli/program.ts'
import '../../cli/run-commands.ts'
import '../../cli/record-commands.ts'
import '../../cli/cluster-commands.ts'
import '../../cli/project-commands.ts'

const RUN = { value: '20261127T000000000-abcdef', about: 'walk' }
const offered = (...words: string[]) => {
  const { values, files } = fitting(
    candidatesFor(program, words, () => [RUN]),
    words.at(-1)!,
  )
  return { values: values.map(({ value }) => value), files }
}

test('should offer every command and every option that help shows, with what it is', () => {
  let [commands, options] = [0, 0]
  const visit = (command: Command, words: readonly string[]) => {
    for (const one of command.createHelp().visibleCommands(command)) {
      if (one.name() === 'help') continue
      commands++
      const found = candidatesFor(program, [...words, one.name()], () => [])
      const candidate = found.values.find(({ value }) => value === one.name())
      assert.ok(candidate !== undefined && candidate.about !== '', one.name())
      const below = [...words, one.name()]
      for (const option of one.createHelp().visibleOptions(one)) {
        options++
        assert.ok(
          offered(...below, option.long!.slice(0, 3)).values.includes(option.long!),
          `${below} ${option.long}`,
        )
      }
      visit(one, below)
    }
  }
  visit(program, [])
  assert.ok(commands > 25 && options > 80, 'the tree was walked')
  assert.deepEqual(offered('complet').values, ['completion'], 'what shells ask is not offered')
})

test('should offer runs where a run may stand, files where a file may, and choices where there are some', () => {
  assert.deepEqual(offered('show', ''), { values: [RUN.value], files: true })
  assert.deepEqual(offered('status', ''), { values: [RUN.value], files: false })
  assert.deepEqual(offered('status', RUN.value, ''), { values: [], files: false })
  assert.deepEqual(offered('diff', 'a', ''), { values: [RUN.value], files: true })
  assert.deepEqual(offered('export', 'a', 'b', ''), { values: [RUN.value], files: true })
  assert.deepEqual(offered('run', ''), { values: [], files: true })
  assert.deepEqual(offered('run', '--engines', ''), { values: [], files: false })
  assert.deepEqual(offered('run', '-e', '4', ''), { values: [], files: true })
  assert.deepEqual(offered('results', 'x', '--format', 'p'), { values: ['parquet'], files: false })
  assert.deepEqual(offered('export', 'x', '--bundle', ''), { values: [], files: true })
  assert.deepEqual(offered('completion', ''), { values: ['bash', 'zsh', 'fish'], files: false })
  assert.deepEqual(offered('key', 'r').values, ['rotate'])
  assert.deepEqual(offered('help', 'ver').values, ['verify'])
  assert.deepEqual(offered('run', '--', '--det'), { values: [], files: true })
  assert.deepEqual(offered('nonsense', '').files, false)
})
