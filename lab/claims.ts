/**
 * Claims of a paper, as its author writes them for an artifact: one JSON object a line. Each is held against the recorded results
 * before it goes out, so that no artifact claims what its own bundle does not have.
 */
import { canonicalJson } from '../lib/canonical.ts'
import { pointCount } from '../lib/design.ts'
import { blockCount, type ExperimentDocument } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import type { Json } from '../lib/values.ts'
import type { ArtifactClaim } from '../provenance/exports/artifact.ts'
import { compileOwn } from '../provenance/own-schema.ts'
import type { PointMeans } from './means.ts'
import { readRecord } from './record.ts'

/** A line of the file. */
export interface Claim {
  /** The sentence, as the paper has it. */
  readonly claim: string
  /** A run, as it was named to the command; may be left out where there is one. */
  readonly run?: string
  /** Factors that single out one point; may be left out where there is one. */
  readonly point?: Readonly<Record<string, Json>>
  /** A numeric field of the results. */
  readonly field?: string
  /** Its mean as the paper has it: `"0.79"` is 0.785 to 0.795. */
  readonly value?: string
}

/** A run that claims may be about. */
export interface Claimed {
  readonly key: string
  /** As the user named it, and its id. */
  readonly names: readonly string[]
  readonly document: ExperimentDocument
  readonly means: readonly PointMeans[] | null
}

const MOST_BYTES = 2 ** 20
const SCHEMA = {
  type: 'object',
  properties: {
    claim: { type: 'string', minLength: 1, maxLength: 500 },
    run: { type: 'string', minLength: 1 },
    point: { type: 'object', required: [] },
    field: { type: 'string', minLength: 1 },
    value: { type: 'string', pattern: '^-?\\d+(\\.\\d+)?([eE][+-]?\\d{1,3})?$' },
  },
  required: ['claim'],
  dependencies: { value: ['field'], point: ['field'] },
  additionalProperties: false,
}

/** The claims of a file. Throws `usage` with the line that is none. */
export function readClaims(path: string): Claim[] {
  const text = new TextDecoder('utf-8').decode(readRecord(path, MOST_BYTES))
  const isClaim = compileOwn<Claim>(SCHEMA)
  const lines = text.split('\n').map((line) => line.trim())
  const claims = lines.flatMap((line, i): Claim[] => {
    if (line === '') return []
    const claim = parsed(line)
    if (isClaim(claim)) return [claim]
    const [first] = isClaim.errors ?? []
    const what =
      first === undefined ? 'is no JSON' : `${first.instancePath.slice(1) || 'it'} ${first.message}`
    throw unfit(path, i, claim === undefined ? 'is no JSON' : `is no claim: ${what}`)
  })
  if (claims.length > 0) return claims
  throw new RepriseError('usage', 'has no claim in it', { subject: path, remedy: REMEDY })
}

const REMEDY =
  'Write one a line: {"claim": "…", "point": {"infect": 0.3}, "field": "removed", "value": "0.79"}; all but the first may be left out'

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function unfit(path: string, line: number, what: string): RepriseError {
  return new RepriseError('usage', what, { subject: `${path}, line ${line + 1}`, remedy: REMEDY })
}

/** Each claim with its place in the results. Throws `usage` for one that has none, `refused` where the results say otherwise. */
export function placeClaims(claims: readonly Claim[], runs: readonly Claimed[]): ArtifactClaim[] {
  return claims.map((claim, i) => {
    const fail = (what: string, remedy: string) =>
      new RepriseError('usage', what, { subject: `claim ${i + 1}`, remedy })
    const fitting = runs.filter(({ names }) => claim.run === undefined || names.includes(claim.run))
    if (fitting.length !== 1)
      throw fail(
        fitting.length === 0
          ? `no run is called ${JSON.stringify(claim.run)}`
          : 'does not say of which run it is',
        `Give "run" one of: ${runs.flatMap(({ names }) => names).join(', ')}`,
      )
    return { claim: claim.claim, key: fitting[0]!.key, place: placeOf(claim, fitting[0]!, i, fail) }
  })
}

function placeOf(
  claim: Claim,
  { document, means }: Claimed,
  index: number,
  fail: (what: string, remedy: string) => RepriseError,
): ArtifactClaim['place'] {
  const { field, value = null, point = {} } = claim
  if (field === undefined) return null
  if (means === null)
    throw fail('the results are not at hand', 'Name the run in its lab, or a bundle with results')
  const wanted = Object.entries(point).map(([name, value]) => [name, canonicalJson(value)] as const)
  const at = means.flatMap((one, i) =>
    wanted.every(([name, value]) => one.point[name] !== undefined && canonicalJson(one.point[name]) === value)
      ? [i]
      : [],
  )
  if (at.length !== 1)
    throw fail(
      `its point fits ${at.length} of ${pointCount(document.design)} points`,
      `Give "point" the factors that single out one: ${Object.keys(means[0]?.point ?? {}).join(', ')}`,
    )
  const { means: fields, point: whole } = means[at[0]!]!
  const moments = Object.hasOwn(fields, field) ? fields[field]! : undefined
  if (moments === undefined || moments.mean === null)
    throw fail(
      `there is no number ${JSON.stringify(field)} in the results there`,
      `There are: ${Object.keys(fields).join(', ')}`,
    )
  if (value !== null && !roundsTo(moments.mean, value))
    throw new RepriseError(
      'refused',
      `says ${field} is ${value}; the mean in the results is ${moments.mean}`,
      {
        subject: `claim ${index + 1}`,
        remedy: 'Correct the claim, or export the run that it is about',
      },
    )
  const blocks = blockCount(document)
  const { mean, standardError, count } = moments
  const chunks = [at[0]! * blocks, (at[0]! + 1) * blocks - 1] as const
  return { point: whole, field, mean, standardError, count, chunks, value }
}

/** Whether a figure with so many digits is what a paper may print of `x`: half a unit of its last digit to either side. */
export function roundsTo(x: number, figure: string): boolean {
  const [, decimals = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(figure) ?? []
  const unit = 10 ** (Number(exponent) - decimals.length)
  const value = Number(figure)
  return Math.abs(x - value) <= (unit / 2) * (1 + 1e-9) + Number.EPSILON * Math.abs(value)
}
