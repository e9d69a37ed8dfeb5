/**
 * `reprise doctor [RUN|MANIFEST|CLUSTER]`: this machine as a run meets it, and the fingerprint of what it computes; with a record,
 * which differences are to be expected of a rerun here.
 */
import { existsSync } from 'node:fs'
import pc from 'picocolors'
import { namedCluster } from '../../lab/cluster-word.ts'
import { findCluster, listClusters } from '../../lab/clusters.ts'
import { type Check, examine } from '../../lab/doctor.ts'
import { platformRows, surroundingsRows } from '../../lab/environment-rows.ts'
import { type Expectation, expectation, expectedNames, wordsBefore } from '../../lab/expected.ts'
import { VERSION } from '../../lab/installed.ts'
import { findLab, type Lab } from '../../lab/lab.ts'
import { findRecord } from '../../lab/record.ts'
import { sessionEnvironment } from '../../lab/surroundings.ts'
import {
  type Fingerprint,
  fingerprintDifferences,
  MATH_ENTRIES,
  mathFingerprint,
} from '../../lib/fingerprint.ts'
import { PORTABLE_MATH } from '../../lib/math/portable.ts'
import type { SessionEnvironment } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { binaryDigest } from '../../runners/binary.ts'
import { fingerprintHere } from '../../runners/environment.ts'
import { EXIT } from '../exit.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { several, table } from '../words.ts'
import { examineCluster } from './cluster/check.ts'

const WIDTH = 76
const GIB = 2 ** 30

export async function doctor(text: string | undefined, options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const named = text === undefined ? null : (namedCluster(text) ?? nameOfCluster(lab, text))
  if (named !== null) {
    const { name, ...kind } = named
    return examineCluster(lab, await findCluster(lab, name, { ...kind, tell: out.say }), true, out)
  }
  const read = ([path]: readonly string[]) => parseManifest(findRecord(lab, path!).bytes)
  const manifest = text === undefined ? null : await withUnpacked([text], options, read)
  const checks = examine(lab)
  const machine = sessionEnvironment()
  const binary = await binaryDigest(process.execPath)
  const own = fingerprintHere()
  const portable = mathFingerprint(PORTABLE_MATH, PORTABLE_MATH.pow)
  const here = { node: machine.node, arch: machine.arch, math: 'native' as const, fingerprint: own }
  const expected = manifest === null ? null : expectation(manifest.run, here)
  const well = checks.every(({ state }) => state !== 'bad')
  if (expected !== null) tellExpected(manifest!.run.id, expected, checks, out)
  else {
    tellMachine(machine, binary, checks, out)
    tellFingerprint(own, portable, out)
    out.print('')
    out.print(
      well ? pc.green('all is well: experiments can be run here') : pc.red('experiments cannot be run here'),
    )
  }
  out.answer({
    well,
    reprise: VERSION,
    environment: machine,
    binary,
    lab: lab.path,
    checks,
    fingerprint: own,
    portable,
    record:
      expected === null ? null : { run: manifest!.run.id, ...expected, differing: expectedNames(expected) },
  })
  return well ? EXIT.done : EXIT.failed
}

/** A word that names a cluster and no file is meant so. Nothing is executed to find out. */
function nameOfCluster(lab: Lab, text: string): { name: string } | null {
  if (existsSync(text) || !/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(text)) return null
  try {
    return listClusters(lab).clusters.some((cluster) => cluster.name === text) ? { name: text } : null
  } catch {
    return null // a broken configuration is in nobody's way who asks for a run
  }
}

function tellMachine(
  machine: SessionEnvironment,
  binary: string | null,
  checks: readonly Check[],
  out: Terminal,
): void {
  const facts = [
    ['Reprise', VERSION],
    ['system', `${machine.os}, kernel ${machine.kernel}, ${machine.arch}`],
    ['processor', `${machine.cpu}, ${several(machine.cores, 'core')}`],
    ['memory', `${(machine.memory / GIB).toFixed(1)} GiB`],
    ...platformRows({ ...machine, ...(binary === null ? {} : { binary }) }),
    ...surroundingsRows(machine),
  ]
  const lines = table([...facts, ...checks.map(checkRow)])
  out.print(pc.bold('this machine'))
  for (const [i, line] of lines.entries()) out.print(`  ${painted(line, checks[i - facts.length]?.state)}`)
}

function checkRow({ name, state, found, remedy }: Check): string[] {
  return [name, state === 'well' ? found : `${found}${state === 'bad' ? '. ' : ': '}${remedy}`]
}

function painted(line: string, state: Check['state'] = 'well'): string {
  return { well: line, note: pc.yellow(line), bad: pc.red(line) }[state]
}

function tellFingerprint(own: Fingerprint, portable: Fingerprint, out: Terminal): void {
  const entries = Object.entries(own)
  const half = Math.ceil(entries.length / 2)
  const rows = entries.slice(0, half).map((left, i) => [...left, '', ...(entries[half + i] ?? ['', ''])])
  out.print('')
  out.print(pc.bold('fingerprint of what it computes'))
  for (const line of table(rows)) out.print(`  ${line}`)
  out.print('')
  const other = fingerprintDifferences(own, portable)
  const same = MATH_ENTRIES.filter((name) => !other.includes(name))
  tellNames('same bits as portable Math', same, out)
  tellNames('other bits', other, out)
  out.print(
    "Jobs meet portable Math, which is the same everywhere, unless the experiment says math: 'native'.",
  )
}

function tellNames(title: string, names: readonly string[], out: Terminal): void {
  const words = names.length === 0 ? 'none' : names.map((name) => name.replace('Math.', '')).join(', ')
  for (const line of wrapped(`${title}: ${words}`)) out.print(line)
}

/** Lines of at most WIDTH characters where words allow it, those after the first indented. */
function wrapped(words: string): string[] {
  const lines: string[] = []
  for (const word of words.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(last === undefined ? word : `  ${word}`)
  }
  return lines
}

function tellExpected(run: string, expected: Expectation, checks: readonly Check[], out: Terminal): void {
  const differing = expectedNames(expected)
  const paint = differing === null || differing.length > 0 ? pc.yellow : pc.green
  out.print(pc.bold(`${run}, executed again here`))
  for (const line of wordsBefore(expected)) for (const part of wrapped(line)) out.print(`  ${paint(part)}`)
  const bad = checks.filter(({ state }) => state === 'bad')
  for (const line of table(bad.map(checkRow))) out.print(painted(line, 'bad'))
}
