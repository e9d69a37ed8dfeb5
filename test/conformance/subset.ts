/** Subsets to ask for: about half of the chunks, always the same for one seed. */
import seedrandom from 'seedrandom'

export function randomSubset(count: number, seed: number): number[] {
  const random = seedrandom(`subset ${seed}`)
  return Array.from({ length: count }, (_, i) => i).filter(() => random() < 0.5)
}
