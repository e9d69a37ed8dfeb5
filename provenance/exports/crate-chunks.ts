/**
 * The chunks of a run one by one, as the Provenance Run Crate profile has it: one step, executed once a chunk, with the
 * chunk's point as its object and its leaf hash as its result. When each was executed is not in the manifest.
 */
import { canonicalJson } from '../../lib/canonical.ts'
import { chunkPlace } from '../../lib/chunk.ts'
import type { Json } from '../../lib/values.ts'
import type { Manifest } from '../manifest.ts'
import { type Entity, ref, refs } from './crate-entity.ts'
import { factorsOf, plainValue } from './factors.ts'
import type { PayloadFile } from './payload.ts'

const TOOL = '#execute-chunk'

export function chunkEntities(
  { experiment }: Manifest,
  leaves: readonly string[],
  results: PayloadFile | null,
  agency: { readonly agent?: unknown },
): { tool: string; ids: string[]; entities: Entity[] } {
  const { document } = experiment
  const factors = factorsOf(document.design)
  const valueIds = new Map(
    factors.map(({ name, values }) => [
      name,
      new Map(values.map((value, i) => [canonicalJson(value), `#value-${encodeURIComponent(name)}-${i}`])),
    ]),
  )
  const ids = leaves.map((_, chunk) => `#chunk-${chunk}`)
  const chunks = leaves.map((leaf, chunk) => {
    const { point, first, jobs } = chunkPlace(document, chunk)
    const values = factors.map(({ name }) => valueIds.get(name)!.get(canonicalJson(point[name]!))!)
    const action = {
      '@id': `#chunk-${chunk}`,
      '@type': 'CreateAction',
      name: `Chunk ${chunk}`,
      description: `Repetitions ${first} to ${first + jobs - 1}`,
      instrument: ref(TOOL),
      ...agency,
      object: refs(values),
      result: refs([`#leaf-${chunk}`, ...(results === null ? [] : [results.path])]),
    }
    return [
      action,
      {
        '@id': `#leaf-${chunk}`,
        '@type': 'PropertyValue',
        name: `leaf hash of chunk ${chunk}`,
        exampleOfWork: ref('#leaf'),
        value: leaf,
      },
    ]
  })
  const entities: Entity[] = [
    {
      '@id': TOOL,
      '@type': 'SoftwareApplication',
      name: 'Execution of a chunk',
      description:
        'An engine loads the capsule and executes the jobs of one chunk, each seeded from the experiment hash and its place',
      softwareVersion: experiment.hash,
      input: refs(factors.map(({ name }) => factorId(name))),
      output: ref('#leaf'),
    },
    {
      '@id': '#step',
      '@type': 'HowToStep',
      name: 'Execute every chunk',
      position: '0',
      workExample: ref(TOOL),
    },
    {
      '@id': '#chunks',
      '@type': 'ControlAction',
      name: 'Execution of all chunks',
      instrument: ref('#step'),
      object: refs(ids),
    },
    {
      '@id': '#leaf',
      '@type': 'FormalParameter',
      name: 'leaf',
      description: 'SHA-256 of a zero byte and the bytes of the chunk',
      additionalType: 'Text',
    },
    ...factors.flatMap(({ name, values, types }) => valueEntities(name, values, types)),
    ...chunks.flat(),
  ]
  return { tool: TOOL, ids, entities }
}

function factorId(name: string): string {
  return `#at-${encodeURIComponent(name)}`
}

/** What a chunk takes for a factor: one of its values. */
function valueEntities(name: string, values: readonly Json[], types: readonly string[]): Entity[] {
  return [
    {
      '@id': factorId(name),
      '@type': 'FormalParameter',
      name,
      description: 'The value of this parameter at the point of the chunk',
      additionalType: types.length === 1 ? types[0]! : types,
    },
    ...values.map((value, i) => ({
      '@id': `#value-${encodeURIComponent(name)}-${i}`,
      '@type': 'PropertyValue',
      name,
      exampleOfWork: ref(factorId(name)),
      value: plainValue(value),
    })),
  ]
}
