/**
 * The job script of an array: what people read who want to know what their cluster does, and may submit by hand. The same
 * text for the same order, wherever it is submitted from.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { ArrayOrder } from '../array/engine.ts'
import { TASK } from '../array/task-words.ts'
import { directive, hasControl, saysExtra, wishLines } from './directives.ts'
import type { SlurmWishes } from './profile.ts'
import { timeLimitMs } from './time-limit.ts'

/** Paths, as nodes see them. */
export interface ScriptPaths {
  readonly storeFolder: string
  /** Folder of what tasks print: a file for each, named by its index. */
  readonly logs: string
  readonly program: string
  readonly node: string
}

/** A task hears so long before its time is over that it is to end, s; Slurm may be a minute early. */
const WARNING_S = 30
/** With less than this, ms, the warning would come too early; then Slurm's own, shortly before it kills, has to do. */
const SHORT_MS = 180_000

/** Throws `usage` where a path or a wish cannot be said in a job script. */
export function jobScript(
  order: ArrayOrder,
  wishes: SlurmWishes,
  paths: ScriptPaths,
  env: Readonly<Record<string, string>> = {},
): string {
  const { name, array, count } = order
  if (!/^[A-Za-z0-9-]+$/.test(name)) throw unsayable('name', name, 'Use letters, digits and -')
  if (!Number.isSafeInteger(array) || !Number.isSafeInteger(count) || array < 1 || count < 1)
    throw unsayable('array', `${array} of ${count}`, 'Give whole numbers from 1')
  for (const [what, path] of Object.entries(paths)) {
    if (!path.startsWith('/') || hasControl(path))
      throw unsayable(what, path, 'Give it an absolute path without line breaks')
  }
  // in a path with a backslash, Slurm replaces nothing: every task would write to the same file
  if (paths.logs.includes('\\')) throw unsayable('directory', paths.logs, 'Choose one without a backslash')
  const lines = [
    '#!/bin/sh',
    `# Array ${array} of a run of Reprise: ${count} task${count === 1 ? '' : 's'}, each of which executes some chunks of the experiment.`,
    '# It may be submitted by hand, from anywhere:   sbatch job.sh',
    '# Whoever submits it, and however often: a chunk that is in the store is not executed again.',
    directive('job-name', name),
    directive('array', count === 1 ? '0' : `0-${count - 1}`),
    ...wishLines(wishes),
    directive('nodes', '1'),
    directive('ntasks', '1'),
    directive('chdir', paths.storeFolder),
    directive('output', `${paths.logs.replaceAll('%', '%%')}/%a.txt`),
    directive('open-mode', 'append'),
    directive('export', 'NONE'),
    ...(saysExtra(wishes, 'requeue', 'no-requeue') ? [] : [directive('requeue', null)]),
    ...(saysExtra(wishes, 'signal') || isShort(wishes) ? [] : [directive('signal', `B:USR1@${WARNING_S}`)]),
    '',
    ...Object.entries(env).map(([variable, value]) => setting(variable, value)),
    `exec ${quoted(paths.node)} \\`,
    `  ${quoted(paths.program)} ${TASK} \\`,
    `  ${quoted(paths.storeFolder)} ${array} "$SLURM_ARRAY_TASK_ID" \\`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    '  "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" "$SLURMD_NODENAME" "${SLURM_RESTART_COUNT:-0}"',
  ]
  return `${lines.join('\n')}\n`
}

function isShort({ time }: SlurmWishes): boolean {
  const limit = time === undefined ? null : timeLimitMs(time)
  return limit !== null && limit < SHORT_MS
}

function setting(variable: string, value: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable) || value.includes('\0'))
    throw unsayable('env', variable, 'Name variables with letters, digits and _')
  return `export ${variable}=${quoted(value)}`
}

/** One word for a POSIX shell, whatever it holds. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

function unsayable(what: string, value: string, remedy: string): RepriseError {
  return new RepriseError('usage', `cannot be said in a job script: ${JSON.stringify(value)}`, {
    subject: `slurm: ${what}`,
    remedy,
  })
}
