/** What the page holds as data: base64 of gzip in an element by its id (made by web/page.ts). */

/** The bytes held under `id`; null where there is none. Throws what the browser says of bytes that are damaged. */
export async function payload(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const element = document.getElementById(id)
  if (element === null) return null
  const text = element.textContent ?? ''
  const packed = fromBase64(text)
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** A loop over codes: a mapping function called for each of millions of characters would freeze the page. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
