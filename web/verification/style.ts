/** What the verification of a record looks like, in the colours of all pages (web/style.ts). */

export const VERIFICATION_STYLE = `
.verification [hidden] { display: none !important; }
.verification [aria-disabled="true"] { opacity: .55; cursor: default; }
.verification h3 { margin-top: 1.75rem; }
.verification h4 { font-size: var(--small); color: var(--quiet); font-weight: 600; margin: .75rem 0 0; }
.verification ul, .verification ol { margin: .125rem 0 .5rem; padding-left: 1.25rem; }
.verification li { overflow-wrap: anywhere; }
.verification section.checked { padding: 0; }
.verification .checked ul { columns: 18rem; column-gap: 2rem; }
.verification .verdict { font-weight: 600; font-size: 1.0625rem; overflow-wrap: anywhere; }
.verification .verdict.intact { color: var(--good); }
.verification .verdict.doubted { color: var(--warn); }
.verification .verdict.broken { color: var(--bad); }
.verification .problems li, .verification .differing li { color: var(--bad); }
.verification .digests { color: var(--quiet); }
.verification .said { min-height: 1.5em; }
.verification .said:empty, .verification .drawn:empty, .verification .verdict:empty { display: none; }
.verification fieldset { border: 1px solid var(--line); border-radius: 6px; padding: .25rem .875rem .5rem; margin: .75rem 0; max-width: 44rem; }
.verification fieldset label { display: inline-block; margin-right: 1.5rem; padding: .25rem 0; }
.verification .field { display: grid; gap: .125rem; max-width: 44rem; }
.verification .field button { justify-self: start; margin-top: .375rem; }
.verification .field label { color: var(--quiet); font-size: var(--small); }
.verification input[type="number"] { width: 8rem; }
.verification progress { width: min(24rem, 100%); height: .75rem; vertical-align: middle; accent-color: var(--accent); }
.verification .rate { font-variant-numeric: tabular-nums; }
`
