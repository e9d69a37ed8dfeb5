/** What the page holds as data: base64 of gzip in an element by its id (made by web/page.ts). */

/** The bytes held under `id`; null where there is none. Throws what the browser says of bytes that are damaged. */
export async function payload(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const element = document.getElementById(id)
  if (element === null) return null
  const text = element.textContent ?? ''
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
