/**
 * What all pages look like, as a report and as the lab in the browser: colours by their meaning, light and dark, a scale of
 * type, tables, and a ring around what has the focus. No colour says anything alone; what is written has a contrast of
 * 4.5 to 1 at least.
 */

export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f5f7f9; --line: #d5dbe1; --ink: #16202a; --quiet: #53606d;
  --accent: #0b5cad; --good: #1a6b35; --bad: #b3261e; --warn: #7d5200; --series: #0b5cad;
  --text: system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
  --small: .8125rem; --body: .9375rem; --large: 1.1875rem; --title: 1.625rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12171d; --raised: #1b222a; --line: #37424d; --ink: #e6ebf0; --quiet: #a5b1bd;
    --accent: #7db8f5; --good: #7fd197; --bad: #ff9a91; --warn: #e8bd6a; --series: #7db8f5;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { background: var(--ground); color: var(--ink); font: var(--body)/1.5 var(--text); -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem clamp(1rem, 4vw, 2.5rem) 4rem; }
h1 { font-size: var(--title); line-height: 1.2; margin: 1.25rem 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: var(--large); line-height: 1.3; margin: 2.25rem 0 .5rem; }
h3 { font-size: var(--body); margin: 1.25rem 0 .25rem; overflow-wrap: anywhere; }
p { margin: .5rem 0; max-width: 44rem; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code, pre, .mono { font-family: var(--mono); font-size: var(--small); overflow-wrap: anywhere; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; padding: .75rem; overflow: auto; white-space: pre-wrap; }
.quiet { color: var(--quiet); }
.small { font-size: var(--small); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); font-size: var(--small); padding: 0 0 .375rem; }
th, td { padding: .3125rem 1.25rem .3125rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-size: var(--small); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
.number { text-align: right; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1.25rem; margin: .5rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
button, select { font: inherit; color: var(--ink); background: var(--raised); border: 1px solid var(--quiet); border-radius: 6px; padding: .3125rem .75rem; max-width: 100%; }
button { cursor: pointer; }
button:hover { border-color: var(--accent); }
.state { font-weight: 600; white-space: nowrap; }
.state::before { content: ""; display: inline-block; width: .55em; height: .55em; margin-right: .45em; border: 2px solid currentColor; border-radius: 50%; }
.state.good { color: var(--good); } .state.good::before { background: currentColor; }
.state.bad { color: var(--bad); } .state.bad::before { background: currentColor; border-radius: 0; }
.state.warn { color: var(--warn); } .state.warn::before { border-radius: 0; transform: rotate(45deg); }
.state.going { color: var(--accent); }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 34rem) {
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin: 0 0 .5rem; }
  th, td { padding-right: .75rem; }
}
@media print {
  :root { color-scheme: light; --ground: #fff; --raised: #fff; --line: #999; --ink: #000; --quiet: #333; --accent: #000; --good: #000; --bad: #000; --warn: #000; }
  body { max-width: none; padding: 0; }
  nav, button, form { display: none; }
}
`
