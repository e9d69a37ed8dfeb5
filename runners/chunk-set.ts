/** A set of chunks: a bit for each, in pages, so that millions take a fraction of a megabyte and single ones far apart little. */

const PAGE_BITS = 16

export class ChunkSet {
  readonly #pages = new Map<number, Uint8Array>()
  #size = 0

  constructor(chunks: Iterable<number> = []) {
    for (const chunk of chunks) this.add(chunk)
  }

  /** Another set of the same chunks. */
  copy(): ChunkSet {
    const other = new ChunkSet()
    for (const [at, page] of this.#pages) other.#pages.set(at, page.slice())
    other.#size = this.#size
    return other
  }

  get size(): number {
    return this.#size
  }

  has(chunk: number): boolean {
    const page = this.#pages.get(pageOf(chunk))
    return page !== undefined && (page[byteOf(chunk)]! & bitOf(chunk)) !== 0
  }

  /** True where it was not there. */
  add(chunk: number): boolean {
    let page = this.#pages.get(pageOf(chunk))
    if (page === undefined) {
      page = new Uint8Array(2 ** PAGE_BITS / 8)
      this.#pages.set(pageOf(chunk), page)
    }
    const at = byteOf(chunk)
    if ((page[at]! & bitOf(chunk)) !== 0) return false
    page[at]! |= bitOf(chunk)
    this.#size++
    return true
  }
}

function pageOf(chunk: number): number {
  return Math.floor(chunk / 2 ** PAGE_BITS)
}

function byteOf(chunk: number): number {
  return (chunk % 2 ** PAGE_BITS) >> 3
}

function bitOf(chunk: number): number {
  return 1 << (chunk % 8)
}
