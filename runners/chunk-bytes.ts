/**
 * Whether bytes that an engine sent can be those of the chunk that it says: how they begin and end (FORMAT.md §6.1), and
 * that as many jobs failed as it says. It costs next to nothing; the rest of the bytes is for whoever verifies.
 */

const FAILURE = Buffer.from('"error":{"message":')
/** Larger ones are not read for the number of failures, which is only bounded then. */
const MOST_READ = 16 * 2 ** 20
/** No failure takes fewer bytes: {"error":{"message":"","name":""}} */
const LEAST_FAILURE = 34

export function couldBe(chunk: number, failed: number, payload: Uint8Array): boolean {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length)
  const start = `{"chunk":${chunk},`
  if (bytes.toString('latin1', 0, start.length) !== start || bytes.at(-1) !== 0x7d) return false
  const form = bytes.toString('latin1', start.length, start.length + 10)
  if (!form.startsWith('"jobs":[') && form !== '"failed":[') return false
  if (failed === 0 && !bytes.includes(FAILURE)) return true
  if (bytes.length > MOST_READ) return failed * LEAST_FAILURE <= bytes.length
  return failed === failuresIn(bytes)
}

/** Jobs that failed, by the bytes themselves; null where they are no JSON. */
function failuresIn(bytes: Buffer): number | null {
  try {
    const { jobs, failed } = JSON.parse(bytes.toString('utf8'))
    if (Array.isArray(failed)) return failed.length
    return (jobs as object[]).filter((job) => 'error' in job).length
  } catch {
    return null
  }
}
