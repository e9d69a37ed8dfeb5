/** Elements made by name: what is put into them is text or other elements, so nothing that a record says becomes either. */

type Child = Node | string | null

/** An element with these attributes (false: without it) and children. */
export function make<N extends keyof HTMLElementTagNameMap>(
  name: N,
  attributes: Readonly<Record<string, string | boolean>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[N] {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes))
    if (value !== false) element.setAttribute(key, value === true ? '' : value)
  element.append(...children.filter((child) => child !== null))
  return element
}

/** Foreign words as text: at most so many characters, and no control character that hides or turns others. */
export function shown(words: string, longest = 1_000): string {
  const cut = words.length > longest ? `${words.slice(0, longest)}…` : words
  return cut.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}

/** A list of lines under a heading; null where there are none. */
export function listed(title: string, kind: string, lines: readonly string[]): HTMLElement | null {
  if (lines.length === 0) return null
  return make(
    'section',
    { class: kind },
    make('h4', {}, title),
    make('ul', {}, ...lines.map((line) => make('li', {}, shown(line)))),
  )
}
