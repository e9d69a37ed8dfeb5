/**
 * An epidemic on random networks, swept over two parameters: the standard case that Reprise is made for.
 *
 *   npx reprise run examples/epidemic.ts
 *
 * Susceptible, infected, removed: at each step an infected node infects each of its susceptible neighbours with
 * probability `infect` and is then removed with probability `remove`. How many are hit in the end, as a function of
 * the two? Every repetition takes a new network of 100,000 nodes, and builds it where it is used, at the engine:
 * what travels is a few numbers to the engine and two back, never a network.
 *
 * As it stands: 5 × 4 points, 20 repetitions each, a dozen seconds on two cores. In earnest it would be 100 points
 * with 1000 repetitions, the same file but for three lines:
 *
 *   parameters: { infect: range(0.05, 0.5, 10), remove: range(0.1, 1, 10), nodes: [100_000], degree: [8] },
 *   repetitions: 1000,
 *   chunk: 50,
 *
 * That is 100,000 networks, two hours of one core, and 2,000 chunks: enough to keep a cluster's engines busy until
 * the end, few enough to be no burden.
 */
import { experiment, type Random, range } from 'reprise'
import { type Network, randomNetwork } from './network.ts'

const INITIAL = 10 // infected at the start: one alone would often die out before anything happens

export default experiment({
  name: 'epidemic',
  parameters: { infect: range(0.05, 0.25, 5), remove: range(0.2, 0.8, 4), nodes: [100_000], degree: [8] },
  repetitions: 20,
  chunk: 5,
  run({ point, stream, random }) {
    // The same networks at every point, so that two points differ by the epidemic and not by the luck of the network.
    const wiring = stream('network', { sharedBy: ['nodes', 'degree'] })
    const network = randomNetwork(point.nodes, point.degree, wiring)
    return epidemic(network, point.infect, point.remove, random)
  },
  result: {
    type: 'object',
    properties: {
      removed: { type: 'integer', minimum: INITIAL, description: 'nodes that were ever infected' },
      duration: { type: 'integer', minimum: 1, description: 'steps until nobody was infected' },
    },
    required: ['removed', 'duration'],
    additionalProperties: false,
  },
})

/** Runs one epidemic until nobody is infected any more. Knows nothing of points, chunks or engines. */
export function epidemic(
  network: Network,
  infect: number,
  remove: number,
  random: Random,
): { removed: number; duration: number } {
  const { nodes, offsets, neighbours } = network
  const touched = new Uint8Array(nodes) // 1 for whoever is or was infected
  const infected = new Int32Array(nodes) // the infected, in the first `count` places
  let count = 0
  while (count < INITIAL) {
    const node = Math.floor(random() * nodes)
    if (touched[node] === 0) {
      touched[node] = 1
      infected[count++] = node
    }
  }

  let removed = 0
  let duration = 0
  while (count > 0) {
    // Whoever is infected in this step queues behind the others and is infectious from the next step on.
    let end = count
    for (let i = 0; i < count; i++) {
      const node = infected[i]!
      for (let at = offsets[node]!; at < offsets[node + 1]!; at++) {
        const neighbour = neighbours[at]!
        if (touched[neighbour] === 0 && random() < infect) {
          touched[neighbour] = 1
          infected[end++] = neighbour
        }
      }
    }
    let kept = 0
    for (let i = 0; i < count; i++) {
      if (random() < remove) removed += 1
      else infected[kept++] = infected[i]!
    }
    infected.copyWithin(kept, count, end)
    count = kept + end - count
    duration += 1
  }
  return { removed, duration }
}
