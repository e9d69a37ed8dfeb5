/**
 * A reproducibility statement for a paper: a LaTeX file that prints nothing by itself, but defines the figures as commands
 * and, as one more, a paragraph that tells them. ACM's words are kept to: who repeats a computation with the authors'
 * artifact shows repeatability (the authors) or reproducibility (others); neither is replicability.
 */
import { pointCount } from '../../lib/design.ts'
import type { Manifest, RunRecord } from '../manifest.ts'
import {
  codeStands,
  dayOf,
  nodeVersions,
  plainVersion,
  RERUN,
  repositoryUrl,
  signingKey,
  witnessCount,
} from './facts.ts'
import { texCommit, texDigest, texText, wideCommand } from './tex.ts'

/** What the commands' names begin with unless the user says otherwise. */
export const PREFIX = 'reprise'

/** Whether TeX can read it as the beginning of a command's name. */
export function isPrefix(text: string): boolean {
  return /^[A-Za-z]{1,40}$/.test(text)
}

/** The text of the file. `prefix` begins the name of every command in it; `rerun` is how the reader has the results again. */
export function latexStatement(manifest: Manifest, prefix: string, rerun: string = RERUN): string {
  const wide = `${prefix}unicode`
  const text = (words: string) => texText(words, wide)
  const { experiment, run, results, capsule, proof } = manifest
  const { document } = experiment
  const repository = repositoryUrl(run)
  const figures: readonly (readonly [name: string, value: string])[] = [
    ['name', text(document.name)],
    ['experiment', texDigest(experiment.hash)],
    ['root', texDigest(results.root)],
    ['capsule', texDigest(capsule.sha256)],
    ['record', texDigest(proof.record)],
    ['run', text(run.id)],
    ['file', text(run.file)],
    ['commit', run.code.commit === null ? 'none' : texCommit(run.code.commit, wide)],
    ['repository', repository === null ? 'not recorded' : text(repository)],
    ['points', grouped(pointCount(document.design))],
    ['repetitions', grouped(document.repetitions)],
    ['jobs', grouped(run.counts.jobs)],
    ['failed', grouped(run.counts.failedJobs)],
    ['chunks', grouped(results.chunks)],
    ['version', text(run.reprise)],
    ['node', text(nodeVersions(run).map(plainVersion).join(', '))],
    ['sealed', dayOf(run.sealed)],
    ['witnesses', grouped(witnessCount(manifest))],
    ['registered', run.registered === undefined ? 'not registered' : dayOf(run.registered.time)],
    ['earlier', run.earlier === undefined ? 'not recorded' : grouped(run.earlier.runs)],
    ['key', text(signingKey(manifest) ?? 'not signed').replace(/[/+]/g, '$&\\allowbreak{}')],
    ['rerun', text(rerun)],
  ]
  const lines = [
    `% A reproducibility statement. \\input this file in the preamble; \\${prefix}statement prints the paragraph,`,
    '% and each figure has a command of its own.',
    wideCommand(wide),
    ...figures.map(([name, value]) => `\\newcommand{\\${prefix}${name}}{${value}}`),
    `\\newcommand{\\${prefix}statement}{%`,
    ...statement(manifest, (name) => `\\${prefix}${name}{}`).map((sentence) => `  ${sentence}`),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

function statement(manifest: Manifest, figure: (name: string) => string): string[] {
  const { run } = manifest
  const typed = (name: string) => `\\texttt{${figure(name)}}`
  return [
    `The results of the experiment \\emph{${figure('name')}} were computed with Reprise~${figure('version')} on Node.js ${figure('node')} and sealed on ${figure('sealed')}.`,
    `The experiment (hash ${typed('experiment')}) asked for ${counted(run.counts.jobs, figure('jobs'), 'job')} in ${counted(manifest.results.chunks, figure('chunks'), 'chunk')}; ${failures(run, figure('failed'))}.`,
    `The result root over all of them is ${typed('root')}.`,
    codeSentence(run, typed('commit')),
    ...ledgerSentences(manifest, figure),
    `The manifest holds the code that was executed, and \\texttt{${figure('rerun')}} executes it again and compares every bit: in the terms of the ACM, a test of repeatability when the authors do so, and of reproducibility when others do.`,
    witnessSentence(witnessCount(manifest), figure('witnesses')),
  ]
}

function counted(n: number, figure: string, noun: string): string {
  return `${figure}~${noun}${n === 1 ? '' : 's'}`
}

function failures({ counts }: RunRecord, figure: string): string {
  if (counts.failedJobs === 0) return 'none failed'
  return counts.failedJobs === counts.jobs ? 'all failed' : `${figure}~of them failed`
}

function codeSentence({ code, audited }: RunRecord, commit: string): string {
  const stands = codeStands(code)
  if (stands === 'none') return 'Its code was not under version control.'
  if (stands === 'differs')
    return `Its code is that of commit ${commit} with changes that had not been committed.`
  return `Its code is that of commit ${commit}${audited === true ? ', which has every file of its own; packages are as they were installed' : ''}.`
}

/** What the ledger knows: plans made before, and attempts that would otherwise go untold. */
function ledgerSentences(manifest: Manifest, figure: (name: string) => string): string[] {
  const { registered, earlier } = manifest.run
  const other = registered?.capsule === manifest.capsule.sha256 ? '' : ', with other code,'
  return [
    ...(registered === undefined
      ? []
      : [`The experiment was registered${other} on ${figure('registered')}, before this run began.`]),
    ...(earlier === undefined
      ? []
      : [
          earlier.runs === 0
            ? 'The ledger records no earlier run of the experiment.'
            : `The ledger records ${counted(earlier.runs, figure('earlier'), 'earlier run')} of the experiment.`,
        ]),
    ...(signingKey(manifest) === null
      ? []
      : [`The record is signed with the key \\texttt{${figure('key')}}.`]),
  ]
}

function witnessSentence(count: number, figure: string): string {
  if (count === 0) return 'No witness has signed a rerun yet.'
  return `Signed statements of ${figure}~${count === 1 ? 'witness' : 'witnesses'} about reruns are attached to the manifest.`
}

/** 12000 as `12\,000`. */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, '\\,')
}
