/** What `diff` tells people of design, code, environment and fingerprint: what differs, and what that means. */
import type { Change } from '../lab/changes.ts'
import type { Diff } from '../lab/diff.ts'
import type { DesignChange, ListedValues } from '../lib/design-changes.ts'
import { nameWords, several } from './words.ts'

/** Entries told of each level; `--json` tells more. */
const TOLD = 15

/** What was asked, and the code. */
export function levelLines(found: Diff): string[] {
  const { design, code, modules, omitted } = found
  return [
    ...section('asked', design.map(designLine), omitted.design),
    ...comparability(found),
    ...section('code', code.map(changeLine), omitted.code),
    ...(modules.length === 0 ? [] : [`  modules of the capsule that differ:`]),
    ...told(
      modules.map(
        ({ name, change }) => `  ${nameWords(name, 200)}${change === 'changed' ? '' : ` (${change})`}`,
      ),
      omitted.modules,
    ),
  ]
}

/** What the experiments' hashes mean for the comparison of results; nothing where these are the same anyway. */
function comparability({ identical, asked }: Diff): string[] {
  if (identical) return []
  return asked.length === 0
    ? ['  the same experiment: the same seeds, so every chunk can be compared bit by bit']
    : ['  another experiment, hence other seeds: no chunk can be compared bit by bit; see --statistics']
}

export function environmentLines({ environment, fingerprint, omitted }: Diff): string[] {
  const { compared, differing, uncompared } = fingerprint
  const lines = differing.map(({ name, matters }) => `${nameWords(name)}: ${matters}`)
  return [
    ...section('environment', environment.map(changeLine), omitted.environment),
    ...(compared ? section('fingerprint', lines, 0) : ['fingerprint: not recorded on both sides']),
    ...(uncompared.length === 0
      ? []
      : [`  not compared, since one side has no digest of it: ${some(uncompared)}`]),
  ]
}

function section(title: string, lines: readonly string[], omitted: number): string[] {
  return lines.length === 0 ? [`${title}: the same`] : [`${title}:`, ...told(lines, omitted)]
}

function told(lines: readonly string[], omitted: number): string[] {
  const more = lines.length - TOLD + omitted
  const shown = lines.slice(0, TOLD).map((line) => `  ${line}`)
  return more > 0 ? [...shown, `  … and ${more} more`] : shown
}

function changeLine({ what, left, right }: Change): string {
  return `${nameWords(what)}: ${short(left)} → ${short(right)}`
}

function designLine({ what, left, right, removed, added, means }: DesignChange): string {
  if (removed === undefined || added === undefined)
    return `${nameWords(what)}: ${short(left)} → ${short(right)} (${means})`
  const values = [listed('only left', removed), listed('only right', added)].filter((text) => text !== '')
  const counts = [left, right].map((n) => (n === null ? 'none' : several(Number(n), 'value'))).join(' → ')
  return `${nameWords(what)}: ${counts}${values.map((text) => `, ${text}`).join('')} (${means})`
}

function listed(words: string, { count, first }: ListedValues): string {
  if (count === 0) return ''
  const more = count > first.length ? `, … ${count} in all` : ''
  return `${words} ${first.map((value) => short(value)).join(', ')}${more}`
}

function some(names: readonly string[]): string {
  const shown = names
    .slice(0, TOLD)
    .map((name) => nameWords(name))
    .join(', ')
  return names.length > TOLD ? `${shown} and ${names.length - TOLD} more` : shown
}

function short(value: unknown): string {
  return nameWords(typeof value === 'string' ? value : JSON.stringify(value))
}
