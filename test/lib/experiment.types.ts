/** What the compiler knows about an experiment. Nothing here runs: the build fails when a line is not so. */
import { experiment, type Job, map, points, type Random, type ResultOf, range, zip } from '../../lib/index.ts'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Accepts only `true`, which `Same` gives for one and the same type. */
function holds<_T extends true>(): void {}

export const product = experiment({
  name: 'sir',
  parameters: {
    infect: range(0, 1, 3),
    remove: [0.2, 1],
    rule: ['majority', 'minority'],
    on: [true, false],
    n: 5,
    mode: 'fast',
  },
  probes: { python: ['python3', '--version'], packages: ['pip', 'freeze'] },
  run: ({ point, random, stream, repetition, seed, setup }) => {
    holds<Same<typeof point.infect, number>>()
    holds<Same<typeof point.remove, number>>()
    holds<Same<typeof point.rule, 'majority' | 'minority'>>()
    holds<Same<typeof point.on, boolean>>()
    holds<Same<typeof point.n, number>>()
    holds<Same<typeof point.mode, 'fast'>>()
    holds<Same<typeof random, Random>>()
    holds<Same<typeof repetition, number>>()
    holds<Same<typeof seed, string>>()
    holds<Same<typeof setup, undefined>>()
    holds<Same<ReturnType<typeof stream>, Random>>()
    stream('network', { sharedBy: ['infect', 'rule'] })
    // @ts-expect-error: there is no such factor
    stream('network', { sharedBy: ['infekt'] })
    // @ts-expect-error: the option is sharedBy
    stream('network', { sharedby: ['infect'] })
    // @ts-expect-error: a point cannot be changed
    point.infect = 1
    // @ts-expect-error: there is no such parameter
    point.infekt
    return { removed: point.infect * random(), rule: point.rule }
  },
})
holds<Same<ResultOf<typeof product>, { removed: number; rule: 'majority' | 'minority' }>>()

export const zipped = experiment({
  name: 'zip',
  parameters: zip({ a: [1, 2], b: ['x', 'y'] }),
  run: async ({ point, stream }) => {
    holds<Same<typeof point, { readonly a: number; readonly b: 'x' | 'y' }>>()
    stream('s', { sharedBy: ['a', 'b'] })
    // @ts-expect-error: there is no such factor
    stream('s', { sharedBy: ['c'] })
    return point.a
  },
})
holds<Same<ResultOf<typeof zipped>, number>>()

export const listed = experiment({
  name: 'points',
  parameters: points([
    { a: 1, b: 'x' },
    { a: 2, b: 'y' },
  ]),
  run: ({ point }) => {
    holds<Same<typeof point.a, number>>()
    holds<Same<typeof point.b, 'x' | 'y'>>()
    // @ts-expect-error: there is no such parameter
    point.c
    return [point.b]
  },
})

export const prepared = experiment({
  name: 'setup',
  parameters: { nodes: [10] },
  setup: ({ point, stream }) => ({ edges: new Uint32Array(point.nodes), first: stream('graph').int32() }),
  run: ({ setup }) => {
    holds<Same<typeof setup.first, number>>()
    // @ts-expect-error: setup made no such thing
    setup.vertices
    return setup.edges.length
  },
  summarise: (results, { point }) => {
    holds<Same<typeof results, number[]>>()
    holds<Same<typeof point.nodes, number>>()
    return { mean: results.reduce((sum, n) => sum + n, 0) / results.length }
  },
})
holds<Same<ResultOf<typeof prepared>, number>>()
type Types = NonNullable<(typeof prepared)['types']>
holds<Same<Types['point'], { readonly nodes: number }>>()
holds<Same<Types['summary'], { mean: number }>>()

export const awaited = experiment({
  name: 'async setup',
  setup: async () => ({ table: [1, 2, 3] }),
  run: async ({ point, setup, stream }) => {
    holds<Same<typeof setup.table, number[]>>()
    // @ts-expect-error: there are no parameters
    point.infect
    // @ts-expect-error: there are no factors
    stream('s', { sharedBy: ['infect'] })
    return setup.table[0] ?? 0
  },
  summarise: async (results) => {
    holds<Same<typeof results, number[]>>()
    return results.length
  },
})
holds<Same<ResultOf<typeof awaited>, number>>()
holds<Same<NonNullable<(typeof awaited)['types']>['summary'], number>>()

export const mapped = map((item: { n: number }, { random }) => item.n * random(), [{ n: 1 }])
holds<Same<ResultOf<typeof mapped>, number>>()
// @ts-expect-error: an item of another type
map((item: number) => item, ['a'])

/** A function that fits every experiment with these parameters. */
export function simulate({ point, random }: Job<{ readonly infect: number }>): number {
  return point.infect * random()
}
export const outside = experiment({ name: 'outside', parameters: { infect: [0.1] }, run: simulate })
holds<Same<ResultOf<typeof outside>, number>>()

// @ts-expect-error: the parameters do not fit the function
experiment({ name: 'misfit', parameters: { infekt: [0.1] }, run: simulate })
// @ts-expect-error: a misspelt key
experiment({ name: 'misspelt', repetition: 5, run: () => 1 })
// @ts-expect-error: a generator that is not allowed
experiment({ name: 'generator', random: 'xorwow', run: () => 1 })
// @ts-expect-error: no run
experiment({ name: 'no run' })
