/**
 * Brings a part of a page to what it is to be, changing as little as can be: what is the same stays the same element, so that
 * focus, scrolling, selections and what was unfolded stay where they are.
 */

/** `html` is of our own server, which escaped what it was given. */
export function morph(target: Element, html: string): void {
  const template = document.createElement('template')
  template.innerHTML = html
  children(target, template.content)
}

function children(target: Element, wanted: DocumentFragment | Element): void {
  const [old, fresh] = [[...target.childNodes], [...wanted.childNodes]]
  for (const [i, node] of fresh.entries()) {
    const there = old[i]
    if (there === undefined) target.append(node)
    else if (isAlike(there, node)) one(there, node)
    else there.replaceWith(node)
  }
  for (const node of old.slice(fresh.length)) node.remove()
}

function isAlike(a: Node, b: Node): boolean {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName
}

function one(there: Node, wanted: Node): void {
  if (there instanceof Element && wanted instanceof Element) {
    attributes(there, wanted)
    children(there, wanted)
  } else if (there.nodeValue !== wanted.nodeValue) there.nodeValue = wanted.nodeValue
}

/** Whether a part is unfolded is for the reader to say. */
function attributes(there: Element, wanted: Element): void {
  for (const { name } of [...there.attributes]) {
    if (!wanted.hasAttribute(name) && !(name === 'open' && there instanceof HTMLDetailsElement))
      there.removeAttribute(name)
  }
  for (const { name, value } of wanted.attributes) {
    if (there.getAttribute(name) !== value) there.setAttribute(name, value)
  }
}
