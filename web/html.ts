/**
 * HTML as text, escaped where it is put together: what is inserted into a template is text unless it came from a template
 * itself. So nothing that a result, a name or a log says can become an element, an attribute or a script.
 */

/** Text that is HTML already. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Insert = Html | string | number | null | undefined | readonly Insert[]

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** HTML of a template; inserted text is escaped (attributes are to be quoted), null is nothing, lists are put side by side. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  let text = parts[0]!
  for (const [i, insert] of inserts.entries()) text += textOf(insert) + parts[i + 1]!
  return new Html(text)
}

/** Text as HTML that shows it. What no XML may hold, U+0000 and other controls, is shown as a replacement character. */
export function escaped(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]/gu, '\ufffd').replace(/[&<>"']/g, (c) => ESCAPES[c]!)
}

function textOf(insert: Insert): string {
  if (insert === null || insert === undefined) return ''
  if (insert instanceof Html) return insert.text
  if (typeof insert === 'object') return insert.map(textOf).join('')
  return escaped(String(insert))
}
