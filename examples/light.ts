/**
 * Light in a scattering medium, for the examples: one photon's way through a slab by the Monte Carlo method, as
 * Wang, Jacques and Zheng write it (MCML, Comput. Methods Programs Biomed. 47, 131), with the scattering angles of
 * Henyey and Greenstein. Lengths are optical: one unit is the mean way between two droplets.
 */
import { randomExponential } from 'd3-random'
import type { Random } from 'reprise'

/** A slab. `albedo` is the share of the light that survives a scattering, `asymmetry` the mean cosine of its angle. */
export interface Medium {
  readonly depth: number
  readonly albedo: number
  readonly asymmetry: number
}

/** Where light went; the sums of what one photon after the other adds. */
export interface Fate {
  reflected: number
  direct: number
  diffuse: number
  absorbed: number
  /** π × radiance towards the observer ÷ incoming flux: what a white wall would have is 1. */
  seen: number
  seenOnce: number
}

const FAINT = 0.05 // below this weight a photon plays for its life, so that the sums stay right in the mean
const CHANCE = 0.1
const VERTICAL = 0.99999

/**
 * What traces one photon. It comes from the sun (degrees from the vertical) and carries a weight, 1 at first, that
 * each scattering lessens. Instead of waiting for one to hit the observer by luck, each scattering adds the chance
 * that it would: the phase function in that direction, times what gets out of there without being scattered again.
 */
export function photon(
  sun: number,
  observer: { readonly angle: number; readonly azimuth: number },
  random: Random,
): (medium: Medium, fate: Fate) => void {
  const way = randomExponential.source(random)(1)
  const [sunX, , sunZ] = direction(sun, 0)
  const [toX, toY, toZ] = direction(observer.angle, observer.azimuth)

  return ({ depth, albedo, asymmetry }, fate) => {
    let [x, y, z] = [sunX, 0, sunZ] // the direction; z points down
    let at = 0 // the depth
    let weight = 1
    for (let scattered = 0; ; scattered++) {
      at += way() * z
      if (at < 0) fate.reflected += weight
      else if (at >= depth && scattered === 0) fate.direct += weight
      else if (at >= depth) fate.diffuse += weight
      if (at < 0 || at >= depth) return

      fate.absorbed += weight * (1 - albedo)
      weight *= albedo
      const towards = phase(asymmetry, x * toX + y * toY - z * toZ)
      const seen = ((weight * towards * Math.PI) / toZ) * Math.exp(-at / toZ)
      fate.seen += seen
      if (scattered === 0) fate.seenOnce += seen
      if (weight < FAINT) {
        if (random() >= CHANCE) return
        weight /= CHANCE
      }

      const cosine = scatteringCosine(asymmetry, random())
      const sine = Math.sqrt(Math.max(0, 1 - cosine * cosine))
      const azimuth = 2 * Math.PI * random()
      const [p, q] = [sine * Math.cos(azimuth), sine * Math.sin(azimuth)]
      if (Math.abs(z) > VERTICAL) [x, y, z] = [p, q, Math.sign(z) * cosine]
      else {
        const flat = Math.sqrt(1 - z * z)
        const [fromX, fromY, fromZ] = [x, y, z]
        x = (p * fromX * fromZ - q * fromY) / flat + fromX * cosine
        y = (p * fromY * fromZ + q * fromX) / flat + fromY * cosine
        z = -p * flat + fromZ * cosine
      }
    }
  }
}

/** The unit vector at `angle` from the vertical and `azimuth`, in degrees. */
function direction(angle: number, azimuth: number): [number, number, number] {
  const [theta, phi] = [(angle * Math.PI) / 180, (azimuth * Math.PI) / 180]
  return [Math.sin(theta) * Math.cos(phi), Math.sin(theta) * Math.sin(phi), Math.cos(theta)]
}

/** The share of light that a droplet scatters by an angle of this cosine, per steradian. */
export function phase(asymmetry: number, cosine: number): number {
  const spread = 1 + asymmetry ** 2 - 2 * asymmetry * cosine
  return (1 - asymmetry ** 2) / (4 * Math.PI * spread ** 1.5)
}

/** The cosine of the scattering angle: the share `u` of all scatterings is by this much or more backwards. */
export function scatteringCosine(asymmetry: number, u: number): number {
  if (asymmetry === 0) return 2 * u - 1
  const part = (1 - asymmetry ** 2) / (1 - asymmetry + 2 * asymmetry * u)
  return (1 + asymmetry ** 2 - part ** 2) / (2 * asymmetry)
}
