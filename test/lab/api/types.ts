/** What the compiler knows of runs and their rows. Nothing here runs: the build fails when a line is not so. */
import { experiment, type JobRow, type Lab, open, type Run, type SummaryRow, type Value } from 'reprise'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Accepts only `true`, which `Same` gives for one and the same type. */
function holds<_T extends true>(): void {}

const jobs = experiment({
  name: 'jobs',
  parameters: { a: [1, 2] },
  run: ({ point }) => ({ twice: 2 * point.a }),
})
const sums = experiment({
  name: 'sums',
  parameters: { a: [1, 2] },
  run: () => 1,
  summarise: (results) => ({ n: results.length }),
})
type Cube = (n: number) => Promise<{ cube: number }>

export async function programs(): Promise<void> {
  const lab = await open(new URL('.', import.meta.url))
  holds<Same<typeof lab, Lab>>()
  const typed = await lab.submit<typeof jobs>('jobs.ts', {
    engines: 2,
    timeout: 60,
    replicate: '1%',
    audited: true,
  })
  holds<Same<Awaited<ReturnType<typeof typed.get>>, JobRow<{ readonly a: number }, { twice: number }>[]>>()
  for await (const { point, result, error } of typed.results({ order: 'completion' })) {
    holds<Same<typeof point.a, number>>()
    if (error === undefined) holds<Same<typeof result, { twice: number }>>()
    else holds<Same<typeof error.message, string>>()
  }
  const summed = await lab.attach<typeof sums>('@last')
  const [first] = await summed.get()
  holds<Same<typeof first, SummaryRow<{ readonly a: number }, { n: number }> | undefined>>()
  const unknown: Run = await lab.submit(new URL('./x.ts', import.meta.url))
  for await (const { result } of unknown.results()) holds<Same<typeof result, Value | undefined>>()
  holds<Same<(typeof unknown)['root'], string | null>>()
  const cubes = await lab.map<Cube>('cube.ts', [1, 2])
  holds<Same<typeof cubes, { cube: number }[]>>()
  const values = await lab.map('any.ts', [1, 'x', null])
  values satisfies Value[]
  const { verdict, run } = await unknown.rerun({ sample: 5, beacon: 'x', stratify: 'point' })
  holds<Same<typeof verdict, 'identical' | 'divergent' | 'incomplete'>>()
  holds<Same<typeof run, string>>()
  // @ts-expect-error: an item of another type
  await lab.map<Cube>('cube.ts', ['x'])
  // @ts-expect-error: a misspelt option
  await lab.submit('x.ts', { engine: 1 })
  // @ts-expect-error: no such order
  unknown.results({ order: 'random' })
  // @ts-expect-error: what is read cannot be set
  unknown.id = ''
}
