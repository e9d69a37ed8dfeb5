/** What two runs were asked, by what code and on what machines, side by side where that differs. */
import type { Diff } from '../../../lab/diff.ts'
import { count, nameWords } from '../../../lab/words.ts'
import { type Html, html, type Insert } from '../../html.ts'
import { type Column, digest, table } from './parts.ts'

/** Rows of a table, characters of a value. */
const [MOST_ROWS, MOST_VALUE] = [50, 200]
const SIDES = [{ name: 'what' }, { name: 'left' }, { name: 'right' }]

export function designLevel({ asked, design, omitted }: Diff): Html {
  const rows = design.map(({ what, left, right, means }) => [
    nameWords(what),
    short(left),
    short(right),
    means,
  ])
  return level('Design', [
    listed('What is asked', [...SIDES, { name: 'what that means' }], rows, omitted.design),
    asked.length === 0 ? null : html`<p class="quiet">Another experiment hash, hence other seeds.</p>`,
  ])
}

export function codeLevel({ code, modules, omitted }: Diff): Html {
  const named = modules.map(({ name, change }) => [nameWords(name, MOST_VALUE), change])
  return level('Code', [
    listed('What is recorded of the code', SIDES, sides(code), omitted.code),
    listed('Modules of the capsule', [{ name: 'module' }, { name: 'how' }], named, omitted.modules),
  ])
}

export function environmentLevel({ environment, fingerprint, omitted }: Diff): Html {
  const { compared, differing } = fingerprint
  const others = differing.map(({ name, matters }) => [nameWords(name), nameWords(matters, MOST_VALUE)])
  const columns = [{ name: 'functions' }, { name: 'what that means' }]
  return level('Environment', [
    listed('What is recorded of the machines', SIDES, sides(environment), omitted.environment),
    listed('Functions of the platform that give other numbers', columns, others, 0),
    compared
      ? null
      : html`<p class="quiet">Fingerprints of the platforms’ arithmetic are not recorded on both sides.</p>`,
  ])
}

function level(title: string, parts: readonly (Html | null)[]): Html {
  const there = parts.filter((part) => part !== null)
  return html`<h2>${title}</h2>${there.length === 0 ? html`<p>The same.</p>` : there}`
}

/** Null for no rows. `omitted` are those that were left out already. */
function listed(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Insert[])[],
  omitted: number,
): Html | null {
  if (rows.length === 0) return null
  const more = Math.max(0, rows.length - MOST_ROWS) + omitted
  return html`${table(caption, columns, rows.slice(0, MOST_ROWS))}${more === 0 ? null : html`<p class="quiet">… and ${count(more)} more; see <code>reprise diff</code>.</p>`}`
}

function sides(changes: Diff['code']): Insert[][] {
  return changes.map(({ what, left, right }) => [nameWords(what), short(left), short(right)])
}

/** A digest by its beginning, and all else cut. */
function short(value: unknown): Insert {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return digest(value)
  return nameWords(typeof value === 'string' ? value : JSON.stringify(value), MOST_VALUE)
}
