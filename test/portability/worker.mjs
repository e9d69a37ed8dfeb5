/**
 * A module worker that executes the chunks it is told with the capsule that its server has, and answers with their
 * bytes and the leaf hash that the browser's own SHA-256 gives.
 */
const capsule = import('/capsule.mjs')

self.onmessage = async ({ data: chunk }) => {
  try {
    const { loaded } = await capsule
    const start = performance.now()
    const { bytes, failed } = await loaded.execute(chunk, {
      inputBytes: (_, name) => {
        throw new Error(`there is no input ${name} in a browser`)
      },
      log: () => {},
      at: () => {},
      touched: () => {},
      programWork: null,
    })
    const ms = performance.now() - start
    self.postMessage({ bytes, failed, ms, leaf: await leafOf(bytes) })
  } catch (error) {
    self.postMessage({ error: `${error}\n${error?.stack ?? ''}` })
  }
}

/** SHA-256(0x00 ‖ bytes), hex. */
async function leafOf(bytes) {
  const input = new Uint8Array(bytes.length + 1)
  input.set(bytes, 1)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', input))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
