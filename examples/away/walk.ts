/** Random walks with a bias: what submit.mjs hands over and collect.mjs brings home. */
import { experiment } from 'reprise'

export default experiment({
  name: 'walk',
  parameters: { bias: [0, 0.1, 0.2], steps: [1_000] },
  repetitions: 200,
  chunk: 10,
  run({ point, random }) {
    let position = 0
    for (let i = 0; i < point.steps; i++) position += random() < 0.5 + point.bias / 2 ? 1 : -1
    return { distance: Math.abs(position) }
  },
})
