/** The cloud example against theory: a wrong model would run just as smoothly as the right one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import cloud from '../../examples/cloud.ts'
import { type Fate, type Medium, phase, photon, scatteringCosine } from '../../examples/light.ts'
import { sha256, utf8 } from '../../lib/digest.ts'
import { DEFAULT_GENERATOR, type Random, randomStream } from '../../lib/random.ts'
import { chunkBytes, resultsAt } from './execute.ts'
import { type Cloud, chandrasekhar, direct, seenDeep, seenOnce } from './radiation.ts'
import { assertMean, mean } from './theory.ts'

const SHAPES = [0.5, 2, 8]
const ALBEDOS = [1, 0.99]
const EXPECTED_PHOTONS = 40 * 25
const SATELLITE = { angle: 30, azimuth: 90 }

const stream = (label: string): Random => randomStream(DEFAULT_GENERATOR, sha256(utf8(label)))
const points: readonly Cloud[] = [1, 5, 25].flatMap((thickness) =>
  SHAPES.flatMap((shape) =>
    ALBEDOS.map((albedo) => ({ thickness, shape, albedo, asymmetry: 0.85, sun: 60 })),
  ),
)
const results = await Promise.all(
  points.map(async (point) => {
    const found = await resultsAt(cloud, (p) => JSON.stringify(p) === JSON.stringify(point))
    assert.equal(found.length, 8)
    return found.map((result) => ({ point, ...result }))
  }),
).then((lists) => lists.flat())

for (const shape of SHAPES) {
  for (const albedo of ALBEDOS) {
    const some = results.filter(({ point }) => point.shape === shape && point.albedo === albedo)
    test(`shape ${shape}, albedo ${albedo}: direct light and light scattered once are the theory's`, () => {
      assertMean(
        some.map((result) => result.direct / direct(result.point)),
        1,
        'direct light',
      )
      const once = (point: Cloud) => seenOnce(point, SATELLITE.angle, SATELLITE.azimuth)
      assertMean(
        some.map((result) => result.seenOnce / once(result.point)),
        1,
        'light scattered once',
      )
    })
  }
}

test('no light is lost, and white droplets absorb none', () => {
  const balance = ({ reflected, direct, diffuse, absorbed, photons }: (typeof results)[number]) =>
    (reflected + direct + diffuse + absorbed) * EXPECTED_PHOTONS - photons
  const white = results.filter(({ point }) => point.albedo === 1)
  assert.ok(white.every((result) => result.absorbed === 0 && Math.abs(balance(result)) < 1e-6))
  const dark = results.filter(({ point }) => point.albedo < 1)
  assert.ok(dark.every((result) => result.absorbed > 0))
  const missing = dark.reduce((sum, result) => sum + balance(result), 0)
  assert.ok(Math.abs(missing) < 10, String(missing)) // the few photons that play for their lives
})

test('the number of photons is Poisson-distributed: mean and variance', () => {
  const deviations = results.map(({ photons }) => (photons - EXPECTED_PHOTONS) / Math.sqrt(EXPECTED_PHOTONS))
  assertMean(deviations, 0, 'photons')
  assertMean(
    deviations.map((d) => d * d),
    1,
    'their variance, relative to the mean',
  )
})

test('at the same mean thickness, the more uneven cloud reflects less', () => {
  const [gaps, uneven, slab] = SHAPES.map((shape) =>
    mean(results.filter(({ point }) => point.shape === shape).map((result) => result.reflected)),
  )
  assert.ok(gaps! < uneven! && uneven! < slab!, `${gaps} ${uneven} ${slab}`)
})

const BATCHES = 40

/** Batches of photons in one medium: each batch's mean. */
function shone(medium: Medium, sun: number, count: number, random: Random): Fate[] {
  const trace = photon(sun, SATELLITE, random)
  return Array.from({ length: BATCHES }, () => {
    const fate = { reflected: 0, direct: 0, diffuse: 0, absorbed: 0, seen: 0, seenOnce: 0 }
    for (let i = 0; i < count; i++) trace(medium, fate)
    return Object.fromEntries(
      Object.entries(fate).map(([name, sum]) => [name, sum / count]),
    ) as unknown as Fate
  })
}

test('a slab reflects and lets through what van de Hulst’s table says', () => {
  // Multiple Light Scattering (1980), as MCML's authors quote it: light from straight above.
  const fates = shone({ depth: 2, albedo: 0.9, asymmetry: 0.75 }, 0, 2_000, stream('slab'))
  assertMean(
    fates.map((fate) => fate.reflected),
    0.09739,
    'reflected',
  )
  assertMean(
    fates.map((fate) => fate.direct + fate.diffuse),
    0.66096,
    'let through',
  )
})

test('a deep medium that scatters evenly is as bright as Chandrasekhar says', () => {
  const fates = shone({ depth: 60, albedo: 0.9, asymmetry: 0 }, 60, 1_000, stream('deep'))
  assertMean(
    fates.map(({ reflected, direct, diffuse, absorbed }) => reflected + direct + diffuse + absorbed),
    1,
    'the whole, when many photons play for their lives',
  )
  assertMean(
    fates.map((fate) => fate.seen),
    seenDeep(0.9, 60, SATELLITE.angle),
    'seen',
  )
})

test('the theory itself: a textbook value, an identity and a limit', () => {
  assert.ok(Math.abs(chandrasekhar(1)(1) - 2.9078) < 1e-3) // Radiative Transfer, table XI
  const h = chandrasekhar(0.9)
  const middles = Array.from({ length: 1_000 }, (_, i) => (i + 0.5) / 1_000)
  assert.ok(Math.abs(mean(middles.map(h)) - (2 / 0.9) * (1 - Math.sqrt(0.1))) < 1e-4)
  const slab = { thickness: 2, shape: 1e9, albedo: 1, asymmetry: 0, sun: 60 }
  assert.ok(Math.abs(direct(slab) - Math.exp(-4)) < 1e-6)
})

test('the angles of scattering follow the phase function, whose whole is 1', () => {
  const g = 0.85
  const steps = 20_000
  const middles = Array.from({ length: steps }, (_, i) => -1 + (2 * (i + 0.5)) / steps)
  const whole = middles.reduce((sum, mu) => sum + phase(g, mu), 0) * 2 * Math.PI * (2 / steps)
  assert.ok(Math.abs(whole - 1) < 1e-3, String(whole))
  const random = stream('angles')
  assertMean(
    Array.from({ length: 20_000 }, () => scatteringCosine(g, random())),
    g,
    'mean cosine',
  )
  assert.equal(scatteringCosine(0, 0.75), 0.5)
})

test('a chunk executed twice has the same bytes', async () => {
  assert.deepEqual(await chunkBytes(cloud, 7), await chunkBytes(cloud, 7))
})
