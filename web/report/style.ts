/** What a report looks like besides what all pages have (web/style.ts): what is read first is largest, figures have room, paper has no buttons. */
import { STYLE } from '../style.ts'
import { VERIFICATION_STYLE } from '../verification/style.ts'

export const REPORT_STYLE = `${STYLE}${VERIFICATION_STYLE}
.report { max-width: 68rem; }
.report li, .report p, .report td { overflow-wrap: anywhere; }
.state:empty::before { display: none; }
.eyebrow { color: var(--quiet); font-size: var(--small); margin: 1.5rem 0 0; }
.report h1 { font-size: clamp(1.75rem, 4vw, 2.375rem); letter-spacing: -.01em; margin: .125rem 0 .5rem; }
.lead { font-size: 1.125rem; line-height: 1.5; max-width: 46rem; margin: 0 0 .75rem; }
.report h2 { border-top: 1px solid var(--line); padding-top: 1.25rem; margin-top: 2.5rem; }
.report > section:first-of-type h2 { margin-top: 1.75rem; }
html:not([data-ready]) .needs-script { display: none; }
.contents { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: var(--small); margin: 1rem 0; padding: 0; list-style: none; }
.notice { border-left: 3px solid var(--warn); padding: .25rem 0 .25rem .875rem; margin: 1rem 0; }
.notice ul { margin: .25rem 0; padding-left: 1.125rem; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; margin: .75rem 0; align-items: end; }
.controls label { display: grid; gap: .125rem; font-size: var(--small); color: var(--quiet); max-width: 100%; }
.controls select, .controls input { max-width: 18rem; font-size: var(--body); color: var(--ink); }
input { font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--quiet); border-radius: 6px; padding: .3125rem .5rem; max-width: 100%; }
.report figure { margin: .75rem 0 1rem; }
.report figure > svg, .report .drawing > svg { display: block; max-width: 100%; height: auto; }
.report figcaption { color: var(--quiet); font-size: var(--small); margin-top: .5rem; max-width: 46rem; }
.drawing [data-point] { cursor: pointer; }
.values { max-height: 34rem; overflow: auto; border: 1px solid var(--line); border-radius: 6px; }
.values table { width: 100%; }
.values th, .values td { padding: .3125rem .75rem; white-space: nowrap; }
.values caption { padding: .5rem .75rem; }
.values thead th { position: sticky; top: 0; background: var(--raised); z-index: 1; }
.values thead button { border: 0; background: none; padding: 0; font: inherit; color: inherit; font-weight: 600; }
.values thead button::after { content: " \\2195"; opacity: .55; }
.values thead [aria-sort="ascending"] button::after { content: " \\2191"; opacity: 1; }
.values thead [aria-sort="descending"] button::after { content: " \\2193"; opacity: 1; }
.values tbody tr:hover, .values tr[aria-current] { background: var(--raised); }
.values tbody tr:last-child > * { border-bottom: 0; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0; }
.verification h4 { font-size: var(--small); margin: .75rem 0 0; color: var(--quiet); }
.verification ul { margin: .125rem 0 .5rem; padding-left: 1.125rem; }
.verification section { padding: 0; margin: 0; }
.verification form { display: grid; gap: .625rem; justify-items: start; margin: .75rem 0; }
.verification form label { color: var(--quiet); font-size: var(--small); margin-right: .75rem; }
.verification fieldset { border: 1px solid var(--line); border-radius: 6px; padding: .25rem .75rem .5rem; margin: 0; }
.verification input[type="text"] { width: min(30rem, 100%); display: block; }
.findings > .verdict { display: none; }
.verify:has(.verdict.intact) > .state { color: var(--good); }
.verify:has(.verdict.broken) > .state { color: var(--bad); }
.verify > .state { white-space: normal; overflow-wrap: anywhere; }
.record dt { padding-top: .0625rem; }
.checked { margin: .5rem 0; padding-left: 1.125rem; }
footer { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: .75rem; color: var(--quiet); font-size: var(--small); }
@media (max-width: 34rem) {
  .controls label, .controls select, .controls input { width: 100%; max-width: none; }
  .values th, .values td { padding: .3125rem .5rem; }
}
@media print {
  .controls, .buttons, .contents, .verification, .needs-script { display: none; }
  .values { max-height: none; overflow: visible; border: 0; }
  .values thead th { position: static; }
  .values table { font-size: 8pt; }
  figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`
