/**
 * Sunlight through an uneven cloud, photon by photon: an experiment that leans on sin, cos, exp, log and powers, and
 * on the distributions of a library, d3-random, that knows nothing of Reprise.
 *
 *   npx reprise run examples/cloud.ts
 *
 * A cloud is not equally thick everywhere. How much light does it reflect, let through and absorb, as a function of
 * its mean optical thickness, of how uneven it is, and of how dark its droplets are? And how bright is it to a
 * satellite, which looks down at a slant? Each repetition takes a new cloud of 40 columns whose thickness is
 * gamma-distributed, as measured ones are (Barker, J. Atmos. Sci. 53, 2289), and sends some 25 photons into each.
 *
 * Functions like these are where machines differ: by the last bit, in a tenth of all powers. Reprise computes them
 * itself, so this file has the same results on any Node from 20 up and in a browser. `light.ts` has the physics.
 *
 * As it stands: 3 × 3 × 2 points, 8 repetitions each, a second or two on two cores.
 */
import { randomGamma, randomPoisson } from 'd3-random'
import { experiment, type Random } from 'reprise'
import { type Fate, type Medium, photon } from './light.ts'

const COLUMNS = 40
const PHOTONS = 25 // in a column, in the mean: light comes in lumps
const SATELLITE = { angle: 30, azimuth: 90 } // degrees from the vertical, and from the sun's plane

export default experiment({
  name: 'cloud',
  parameters: {
    thickness: [1, 5, 25], // mean optical thickness: how often light that goes straight down would be scattered
    shape: [0.5, 2, 8], // of the gamma distribution: below 1 there are gaps, above 8 it is nearly a slab
    albedo: [1, 0.99], // the share of the light that a droplet does not absorb
    asymmetry: [0.85], // the mean cosine of the angle that a droplet scatters by
    sun: [60], // degrees from the vertical
  },
  repetitions: 8,
  chunk: 4,
  run({ point, stream, random }) {
    // The same clouds whatever their droplets are, so that two points differ by the droplets and not by the luck.
    const cloud = columns(point.thickness, point.shape, stream('cloud', { sharedBy: ['thickness', 'shape'] }))
    const { albedo, asymmetry } = point
    return shine(
      cloud.map((depth) => ({ depth, albedo, asymmetry })),
      point.sun,
      random,
    )
  },
  result: {
    type: 'object',
    properties: {
      photons: { type: 'integer', minimum: 0, description: 'how many came' },
      reflected: share('light that left through the top'),
      direct: share('light that met nothing'),
      diffuse: share('light that left through the bottom after it was scattered'),
      absorbed: share('light that stayed'),
      seen: share('brightness to the satellite; 1 is a white wall'),
      seenOnce: share('its part by light that was scattered once'),
    },
    required: ['photons', 'reflected', 'direct', 'diffuse', 'absorbed', 'seen', 'seenOnce'],
    additionalProperties: false,
  },
})

function share(description: string) {
  return { type: 'number', minimum: 0, description: `${description}, as a share of what comes in the mean` }
}

/** The optical thicknesses of a cloud's columns. */
export function columns(thickness: number, shape: number, random: Random): number[] {
  return Array.from({ length: COLUMNS }, randomGamma.source(random)(shape, thickness / shape))
}

/** Lets the sun shine into columns that do not see each other. */
export function shine(cloud: readonly Medium[], sun: number, random: Random): Fate & { photons: number } {
  const sum = { photons: 0, reflected: 0, direct: 0, diffuse: 0, absorbed: 0, seen: 0, seenOnce: 0 }
  const arriving = randomPoisson.source(random)(PHOTONS)
  const trace = photon(sun, SATELLITE, random)
  for (const medium of cloud) {
    const count = arriving()
    for (let i = 0; i < count; i++) trace(medium, sum)
    sum.photons += count
  }
  const { photons, ...fate } = sum
  const shares = Object.entries(fate).map(([name, light]) => [name, light / (PHOTONS * cloud.length)])
  return { photons, ...(Object.fromEntries(shares) as unknown as Fate) }
}
