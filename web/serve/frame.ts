/** A whole page around the sections of a view, and one that says in a sentence what went wrong. */
import { nameWords } from '../../lab/words.ts'
import { Html, html } from '../html.ts'
import type { View } from './view.ts'

export interface Framed {
  /** The lab's folder. */
  readonly lab: string
  readonly controls: boolean
  /** Where the page's own events come from; null for one that stays as it is. */
  readonly events: string | null
  /** Which entry of the navigation the page is. */
  readonly here: string
}

const PLACES = [
  ['', 'Runs'],
  ['compare', 'Compare'],
  ['ledger', 'Ledger'],
] as const

/** Sections may be empty, and come later. */
export function framed(
  view: Pick<View, 'title' | 'sections' | 'said'>,
  { lab, controls, events, here }: Framed,
): string {
  const links = PLACES.map(([path, name]) =>
    path === here
      ? html`<a href="./${path}" aria-current="page">${name}</a> `
      : html`<a href="./${path}">${name}</a> `,
  )
  const parts = Object.entries(view.sections).map(
    ([id, text]) => html`<div id="${id}">${new Html(text)}</div>\n`,
  )
  const mode = controls ? 'Runs may be cancelled and resumed from here.' : 'Nothing can be changed from here.'
  const live = events === null ? null : html`<span id="live" class="quiet">connecting …</span>`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${view.title} – Reprise</title>
<link rel="stylesheet" href="style">
<script src="script" defer></script>
</head>
<body data-events="${events ?? ''}">
<a class="unseen skip" href="#main">Skip to the content</a>
<header><nav aria-label="Pages"><strong>Reprise</strong> ${links}</nav>${live}</header>
<main id="main" tabindex="-1">
${here === 'run' ? null : html`<h1>${headingOf(here, view.title)}</h1>\n`}${parts}</main>
<p id="said" class="unseen" role="status" aria-live="polite">${view.said}</p>
<footer class="quiet small"><code>${nameWords(lab, 500)}</code> ${mode}</footer>
</body>
</html>
`.text
}

/** The one with links says which page it is; what it is of is said below. */
function headingOf(here: string, title: string): string {
  return PLACES.find(([path]) => path === here)?.[1] ?? title
}
