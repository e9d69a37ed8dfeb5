/** An epidemic on a random network, small: what the example of that name does, in a second. */
export const EPIDEMIC = `import { experiment, range } from 'reprise'
export default experiment({
  name: 'small-epidemic', parameters: { infect: range(0.1, 0.5, 5), nodes: [200], degree: [6] }, repetitions: 16, chunk: 2,
  setup: ({ point, stream }) => {
    const draw = stream('network', { sharedBy: ['nodes', 'degree'] })
    return Array.from({ length: point.nodes }, () => Array.from({ length: point.degree }, () => Math.floor(draw() * point.nodes)))
  },
  run({ point, random, setup: network }) {
    const state = new Uint8Array(point.nodes)
    state[Math.floor(random() * point.nodes)] = 1
    let steps = 0
    for (let ill = 1; ill > 0; steps++) {
      const before = state.slice()
      for (const [node, contacts] of network.entries()) {
        if (before[node] !== 1) continue
        for (const other of contacts) if (before[other] === 0 && random() < point.infect) state[other] = 1
        if (random() < 0.5) state[node] = 2
      }
      ill = state.filter((one) => one === 1).length
    }
    return { removed: state.filter((one) => one === 2).length, steps }
  },
})
`
