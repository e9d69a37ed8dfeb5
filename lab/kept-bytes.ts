/** How much a lab keeps of a run: rows in the pages of SQLite, and leaves in the manifest. */

/** SQLite's, as the stores have them: what is used of one, and what a row takes beside what is in it. */
const PAGE = 4_096
const USED = 4_088
const CELL = 10
/** A row that is longer goes on in pages of its own, so much in each; at least so much of it stays. */
const LONGEST = 4_061
const OVERFLOW = 4_092
const STAYS = 489
/** Of a chunk's row beside its bytes: its leaf in hex, times, who made it. */
const ROW = 92
/** Of a chunk in the manifest: its leaf in hex, as one of a list. */
const LEAF = 74

/** Bytes, about, of so many chunks of this size and a capsule, which the manifest holds as well. */
export function keptBytes(chunks: number, chunkBytes: number, capsuleBytes: number): number {
  return Math.round(chunks * (PAGE * pagesOf(Math.round(chunkBytes + ROW)) + LEAF) + 2 * capsuleBytes)
}

/** Pages of a row, where rows of its size share them. */
function pagesOf(row: number): number {
  const share = (bytes: number) => 1 / Math.max(1, Math.floor(USED / (bytes + CELL)))
  if (row <= LONGEST) return share(row)
  const left = STAYS + ((row - STAYS) % OVERFLOW)
  const stays = left <= LONGEST ? left : STAYS
  return share(stays) + Math.ceil((row - stays) / OVERFLOW)
}
