/** What pages of the lab have beside what all pages have: navigation, bars, forms, and the figure. */
import { STYLE } from '../style.ts'

export const SERVE_STYLE = `${STYLE}
header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; justify-content: space-between; border-bottom: 1px solid var(--line); padding-bottom: .5rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: baseline; }
nav a { text-decoration: none; padding: .25rem 0; }
nav a[aria-current] { color: var(--ink); font-weight: 600; border-bottom: 2px solid var(--accent); }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .75rem; }
.skip:focus { position: static; width: auto; height: auto; margin: 0; clip-path: none; }
progress { appearance: none; width: 9rem; max-width: 40vw; height: .625rem; border: 0; border-radius: 5px; background: var(--line); color: var(--series); vertical-align: middle; overflow: hidden; }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--series); }
progress::-moz-progress-bar { background: var(--series); }
td progress + .number, table .mono, table code, .number { white-space: nowrap; }
.scroll + .scroll { margin-top: 1rem; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; max-width: none; }
.button { border: 1px solid var(--quiet); border-radius: 6px; padding: .25rem .75rem; color: var(--ink); background: var(--raised); text-decoration: none; }
.problem { border-left: 4px solid var(--bad); padding-left: .75rem; overflow-wrap: anywhere; }
.verdict { font-size: var(--large); }
.choose { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: 1rem 0; }
.choose label { display: grid; gap: .125rem; color: var(--quiet); font-size: var(--small); min-width: 0; }
.choose label[hidden] { display: none; }
.choose select { font-size: var(--body); color: var(--ink); max-width: min(30rem, 88vw); }
article { border-left: 4px solid var(--bad); padding: .125rem 0 .125rem .75rem; margin: .75rem 0; }
article h3 { margin: 0; }
article p { margin: 0; }
pre[data-end] { max-height: 24rem; }
figure { margin: 1rem 0; }
figure svg { display: block; max-width: 100%; height: auto; color: var(--ink); font-family: var(--text); }
figcaption { color: var(--quiet); font-size: var(--small); }
.lost { color: var(--bad); font-weight: 600; }
`
