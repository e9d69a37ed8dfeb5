/**
 * What mathematics says about light in clouds, independent of any simulation.
 *
 * Light that meets nothing falls off as exp(-τ/μ0); over columns whose thickness τ is gamma-distributed with mean t
 * and shape k the mean of exp(-τ·a) is (1 + t·a/k)^-k. Light that is scattered once is one integral more. What is
 * scattered any number of times in an infinitely deep medium, evenly in all directions, is Chandrasekhar's H function
 * (Radiative Transfer, 1950, ch. V): the solution of H(μ) = 1 + (ω/2)·μ·H(μ)·∫ H(ν)/(μ+ν) dν over ν from 0 to 1.
 */
import { phase } from '../../examples/light.ts'

const cosine = (degrees: number) => Math.cos((degrees * Math.PI) / 180)
const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180)

export interface Cloud {
  readonly thickness: number
  readonly shape: number
  readonly albedo: number
  readonly asymmetry: number
  readonly sun: number
}

/** The mean of exp(-τ·a) over the columns. */
function meanFalloff({ thickness, shape }: Cloud, a: number): number {
  return (1 + (thickness * a) / shape) ** -shape
}

/** The share of the light that meets nothing. */
export function direct(cloud: Cloud): number {
  return meanFalloff(cloud, 1 / cosine(cloud.sun))
}

/** The brightness by light that was scattered once, seen from `angle` and `azimuth`. */
export function seenOnce(cloud: Cloud, angle: number, azimuth: number): number {
  const [sun, view] = [cosine(cloud.sun), cosine(angle)]
  const turned = sine(cloud.sun) * sine(angle) * cosine(azimuth) - sun * view
  const share = 1 - meanFalloff(cloud, 1 / sun + 1 / view)
  return (Math.PI * cloud.albedo * phase(cloud.asymmetry, turned) * share) / (sun + view)
}

const STEPS = 400

/** Chandrasekhar's H function: iterated in the form that converges for every albedo, 1/H = √(1-ω) + (ω/2)·∫ ν·H(ν)/(μ+ν) dν. */
export function chandrasekhar(albedo: number): (mu: number) => number {
  const nodes = Array.from({ length: STEPS }, (_, i) => (i + 0.5) / STEPS)
  let values = nodes.map(() => 1)
  const at = (mu: number) => {
    const integral = nodes.reduce((sum, nu, i) => sum + (nu * values[i]!) / (mu + nu), 0) / STEPS
    return 1 / (Math.sqrt(1 - albedo) + (albedo / 2) * integral)
  }
  for (let round = 0; round < 60; round++) {
    const next = nodes.map(at)
    values = values.map((value, i) => (value + next[i]!) / 2)
  }
  return at
}

/** The brightness of an infinitely deep medium that scatters evenly in all directions. */
export function seenDeep(albedo: number, sun: number, angle: number): number {
  const [incoming, view] = [cosine(sun), cosine(angle)]
  const h = chandrasekhar(albedo)
  return ((albedo / 4) * h(incoming) * h(view)) / (incoming + view)
}
