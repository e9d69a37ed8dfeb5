/**
 * Inclusion proofs of RFC 6962 §2.1.1: that one leaf is part of a root, shown by the hashes beside its way up: about
 * log2(n) of them, whatever n is.
 *
 * The tree is walked level by level: neighbours are joined from the left, and a last one without a neighbour moves
 * up as it is. That is the tree whose left half always holds the largest power of two.
 */
import { nodeHash } from './merkle.ts'

/** The path of leaf `index`, from the bottom up; `leaves` are leaf hashes. Throws RangeError for no such leaf. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!isPlace(index, leaves.length)) throw new RangeError(`leaf ${index} of ${leaves.length}`)
  const path: Uint8Array[] = []
  let level = leaves
  for (let at = index; level.length > 1; at = Math.floor(at / 2)) {
    const beside = level[at % 2 === 0 ? at + 1 : at - 1]
    if (beside !== undefined) path.push(beside)
    level = joined(level)
  }
  return path
}

function joined(level: readonly Uint8Array[]): readonly Uint8Array[] {
  const above: Uint8Array[] = []
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i]!, level[i + 1]]
    above.push(right === undefined ? left : nodeHash(left, right))
  }
  return above
}

/**
 * The root of the tree of `size` leaves in which `leaf` (its hash) has the place `index` and this path; null where
 * the place is none, or the path is not as long as it must be. Whoever asks compares it with a root that he trusts.
 */
export function rootFromInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Uint8Array | null {
  if (!isPlace(index, size)) return null
  let root = leaf
  let used = 0
  let at = index
  for (let count = size; count > 1; count = Math.ceil(count / 2)) {
    if (at % 2 === 1 || at + 1 < count) {
      const beside = path[used++]
      if (beside?.length !== 32) return null
      root = at % 2 === 1 ? nodeHash(beside, root) : nodeHash(root, beside)
    }
    at = Math.floor(at / 2)
  }
  return used === path.length ? root : null
}

function isPlace(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size
}
