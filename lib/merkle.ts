/**
 * The result root: the Merkle tree hash of RFC 6962 §2.1 over chunk bytes in order of chunk index.
 *
 * Leaf SHA-256(0x00 ‖ bytes), node SHA-256(0x01 ‖ left ‖ right), and the left subtree always holds the largest
 * power of two of leaves below n. Leaves and nodes carry different prefixes, so a node can never pass for a chunk.
 * `RootBuilder` keeps one digest per complete subtree: 32·log2(n) bytes for n leaves.
 */
import { sha256 } from './digest.ts'

/** The leaf hash of one chunk's bytes: 32 bytes. */
export function leafHash(bytes: Uint8Array): Uint8Array {
  const input = new Uint8Array(bytes.length + 1)
  input.set(bytes, 1)
  return sha256(input)
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(65)
  input[0] = 1
  input.set(left, 1)
  input.set(right, 33)
  return sha256(input)
}

/** Takes leaf hashes in order and gives the root at any moment. */
export class RootBuilder {
  readonly #subtrees: { size: number; digest: Uint8Array }[] = []
  readonly #node: (left: Uint8Array, right: Uint8Array) => Uint8Array

  /** `node`: the same as `nodeHash`, where the platform has it faster. */
  constructor(node = nodeHash) {
    this.#node = node
  }

  add(leaf: Uint8Array): void {
    let right = { size: 1, digest: leaf }
    while (this.#subtrees.at(-1)?.size === right.size) {
      const left = this.#subtrees.pop()!
      right = { size: left.size + right.size, digest: this.#node(left.digest, right.digest) }
    }
    this.#subtrees.push(right)
  }

  /** The root over all leaves so far; that of no leaves is SHA-256 of nothing. */
  root(): Uint8Array {
    if (this.#subtrees.length === 0) return sha256(new Uint8Array(0))
    return this.#subtrees
      .map((subtree) => subtree.digest)
      .reduceRight((right, left) => this.#node(left, right))
  }
}

export function merkleRoot(leaves: Iterable<Uint8Array>): Uint8Array {
  const builder = new RootBuilder()
  for (const leaf of leaves) builder.add(leaf)
  return builder.root()
}
