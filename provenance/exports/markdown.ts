/** Text in Markdown: whatever a name or a claim holds, it is shown as it is, in one line, and means nothing else. */

/** What is recorded and could be of any length is cut. */
const MOST = 500

/** A text that no reader of Markdown takes for a heading, a link, code, HTML or a cell's end. */
export function markdownText(text: string): string {
  return [...oneLine(text)]
    .slice(0, MOST)
    .join('')
    .replace(/[\\`*_{}[\]#!|~<>&@$^]/g, (mark) => ESCAPED[mark] ?? `\\${mark}`)
}

/** HTML has no backslash. */
const ESCAPED: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }

/** A text as code; a backtick, which would end it, becomes an apostrophe. */
export function markdownCode(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``
}

/** Nothing in it begins another line, turns its direction or hides. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\s]+/gu, ' ')
    .trim()
}
