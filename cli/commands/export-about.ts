/** What the user says of an export, checked before anything is read. */
import { RepriseError } from '../../lib/errors.ts'
import { type Author, parseAuthor } from '../../provenance/exports/author.ts'
import { webAddress } from '../../provenance/exports/facts.ts'
import { isPrefix, PREFIX } from '../../provenance/exports/latex.ts'

export interface ExportOptions {
  readonly json?: boolean
  readonly record?: string
  readonly bundle?: string
  readonly to?: string
  readonly chunk?: number
  readonly output?: string
  readonly roCrate?: string
  readonly bagit?: string
  readonly prov?: string
  readonly latex?: string
  readonly bibtex?: string
  readonly cff?: string
  readonly author: readonly string[]
  readonly license?: string
  readonly prefix?: string
  readonly location?: string
  readonly force?: boolean
  readonly artifact?: string
  readonly claims?: string
  readonly tool?: boolean
}

/** What the user says of an export, checked. */
export interface About {
  readonly authors: readonly Author[]
  readonly license: string | null
  readonly prefix: string
  /** Where the record will be found; null where nobody said. */
  readonly location: string | null
}

export function aboutOf({ author, license, prefix = PREFIX, location }: ExportOptions): About {
  const authors = author.map(parseAuthor)
  const twice = authors.find(
    ({ orcid }, i) => orcid !== null && authors.findIndex((other) => other.orcid === orcid) < i,
  )
  const address = license === undefined ? null : webAddress(license)
  const place = location === undefined ? null : webAddress(location)
  const wrong =
    twice !== undefined
      ? { subject: '--author', what: `${twice.orcid} is given twice`, remedy: 'Name each author once' }
      : license !== undefined && address === null
        ? {
            subject: '--license',
            what: 'is not a web address',
            remedy: 'Such as https://spdx.org/licenses/CC-BY-4.0',
          }
        : location !== undefined && place === null
          ? {
              subject: '--location',
              what: 'is not a web address',
              remedy: 'Such as https://doi.org/10.5281/zenodo.1',
            }
          : !isPrefix(prefix)
            ? {
                subject: '--prefix',
                what: 'is not letters alone',
                remedy: 'TeX reads only letters in the name of a command',
              }
            : null
  if (wrong === null) return { authors, license: address, prefix, location: place }
  throw new RepriseError('usage', wrong.what, { subject: wrong.subject, remedy: wrong.remedy })
}

/** Only an artifact is made of several runs, and only there are claims. */
export function demandOne(texts: readonly string[], { artifact, claims, tool }: ExportOptions): void {
  const odd =
    artifact !== undefined
      ? artifact === '' || artifact === '-'
        ? {
            subject: '--artifact',
            what: `cannot write to ${JSON.stringify(artifact)}`,
            remedy: 'Name a folder',
          }
        : null
      : texts.length > 1
        ? { subject: texts[1]!, what: 'is one run too many', remedy: 'Only --artifact takes several' }
        : claims !== undefined || tool === false
          ? {
              subject: claims === undefined ? '--no-tool' : '--claims',
              what: 'goes with --artifact only',
              remedy: 'Say --artifact FOLDER too',
            }
          : null
  if (odd !== null) throw new RepriseError('usage', odd.what, { subject: odd.subject, remedy: odd.remedy })
}
