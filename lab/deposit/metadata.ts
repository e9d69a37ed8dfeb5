/** The metadata of a deposit: a `.zenodo.json`, checked, in the form that InvenioRDM takes. */
import { RepriseError } from '../../lib/errors.ts'
import { compileOwn } from '../../provenance/own-schema.ts'
import { readRecord } from '../record.ts'

/** What of `.zenodo.json` is understood. */
export interface Described {
  readonly title: string
  readonly description: string
  readonly creators: readonly {
    readonly name: string
    readonly orcid?: string
    readonly affiliation?: string
  }[]
  readonly upload_type?: string
  readonly publication_date?: string
  readonly version?: string
  readonly access_right?: 'open' | 'restricted'
  readonly license?: string
  readonly keywords?: readonly string[]
  readonly related_identifiers?: readonly { readonly identifier: string; readonly relation: string }[]
}

const text = { type: 'string', minLength: 1, maxLength: 20_000 }
const SCHEMA = {
  type: 'object',
  properties: {
    title: { ...text, maxLength: 2_000 },
    description: text,
    creators: {
      type: 'array',
      minItems: 1,
      maxItems: 1_000,
      items: {
        type: 'object',
        properties: {
          name: text,
          orcid: { type: 'string', pattern: '^(\\d{4}-){3}\\d{3}[\\dX]$' },
          affiliation: text,
        },
        required: ['name'],
        additionalProperties: false,
      },
    },
    upload_type: text,
    publication_date: { type: 'string', pattern: '^\\d{4}(-\\d\\d(-\\d\\d)?)?$' },
    version: text,
    access_right: { enum: ['open', 'restricted'] },
    license: text,
    keywords: { type: 'array', items: text },
    related_identifiers: {
      type: 'array',
      items: {
        type: 'object',
        properties: { identifier: text, relation: text },
        required: ['identifier', 'relation'],
        additionalProperties: false,
      },
    },
  },
  required: ['title', 'description', 'creators'],
  additionalProperties: false,
}

const MOST_BYTES = 2 ** 20

/** The metadata in a file. Throws `usage` with what is wrong in it, also for keys that would be lost on the way. */
export function readMetadata(path: string): Described {
  const isDescribed = compileOwn<Described>(SCHEMA)
  let found: unknown
  try {
    found = JSON.parse(new TextDecoder().decode(readRecord(path, MOST_BYTES)))
  } catch (error) {
    if (error instanceof RepriseError) throw error
    throw unfit(path, 'is no JSON')
  }
  if (isDescribed(found)) return found
  const [first] = isDescribed.errors ?? []
  const odd = first?.params?.additionalProperty
  throw unfit(
    path,
    odd === undefined
      ? `${first?.instancePath.slice(1) || 'it'} ${first?.message}`
      : `${JSON.stringify(odd)} is not understood`,
  )
}

function unfit(path: string, what: string): RepriseError {
  return new RepriseError('usage', what, {
    subject: path,
    remedy: 'It takes the keys of a .zenodo.json that reprise export --artifact writes',
  })
}

/** A draft as InvenioRDM takes it. `today`: the day of publication where none is given, `2026-11-27`. */
export function draftOf(described: Described, base: URL, today: string): object {
  const { creators, keywords = [], related_identifiers: related = [] } = described
  const { upload_type: kind = 'dataset', license, version, access_right: access = 'open' } = described
  const isZenodo = /(^|\.)zenodo\.org$/.test(base.hostname)
  return {
    access: { record: 'public', files: access === 'open' ? 'public' : 'restricted' },
    files: { enabled: true },
    metadata: {
      resource_type: { id: ['dataset', 'software'].includes(kind) ? kind : 'other' },
      title: described.title,
      description: described.description,
      publication_date: described.publication_date ?? today,
      creators: creators.map(creator),
      ...(isZenodo ? { publisher: 'Zenodo' } : {}),
      ...(version === undefined ? {} : { version }),
      ...(license === undefined ? {} : { rights: [{ id: license.toLowerCase() }] }),
      subjects: keywords.map((subject) => ({ subject })),
      related_identifiers: related.map(({ identifier, relation }) => ({
        identifier,
        scheme: /^10\.\d{4,9}\//.test(identifier) ? 'doi' : 'url',
        relation_type: { id: relation.toLowerCase() },
      })),
    },
  }
}

/** `Family, Given` is a person; any other name is one whole, an organization's, and nobody's parts are guessed. */
export function isPerson(name: string): boolean {
  const [family, given, ...more] = name.split(',').map((part) => part.trim())
  return given !== undefined && more.length === 0 && family !== '' && given !== ''
}

function creator({ name, orcid, affiliation }: Described['creators'][number]): object {
  const [family, given] = name.split(',').map((part) => part.trim())
  return {
    person_or_org: {
      ...(isPerson(name)
        ? { type: 'personal', family_name: family, given_name: given }
        : { type: 'organizational', name }),
      ...(orcid === undefined ? {} : { identifiers: [{ scheme: 'orcid', identifier: orcid }] }),
    },
    ...(affiliation === undefined ? {} : { affiliations: [{ name: affiliation }] }),
  }
}
