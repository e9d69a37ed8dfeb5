/** What every crate says of people, licence and times. */
import type { Author } from './author.ts'
import type { Entity } from './crate-entity.ts'

/** What it means when nobody gives a licence: not that everything is allowed. */
const NO_LICENSE = 'https://choosealicense.com/no-permission/'

export function licenseId(license: string | null): string {
  return license ?? NO_LICENSE
}

export function licenseEntity(license: string | null): Entity {
  if (license !== null)
    return {
      '@id': license,
      '@type': 'CreativeWork',
      name: license,
      description: 'The licence of this crate, as its authors gave it',
    }
  return {
    '@id': NO_LICENSE,
    '@type': 'CreativeWork',
    name: 'No license given',
    description: 'No licence was given for this crate: ask its authors before you reuse or share it.',
  }
}

export function personEntity({ name, family, given, orcid }: Author, i: number): Entity {
  return {
    '@id': orcid ?? `#author-${i + 1}`,
    '@type': 'Person',
    name,
    ...(family === null ? {} : { familyName: family, givenName: given }),
  }
}

export function authorIds(authors: readonly Author[]): string[] {
  return authors.map(({ orcid }, i) => orcid ?? `#author-${i + 1}`)
}

/** An ISO 8601 time as validators of crates know it. */
export function offset(time: string): string {
  return time.replace(/Z$/, '+00:00')
}
