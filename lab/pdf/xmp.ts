/**
 * What a PDF says of its records in its XMP metadata (ISO 16684-1): for each its file, experiment hash, root and record digest, for
 * programs that read metadata and no attachments. Nothing covers it, so that it is held against the manifests.
 */
import { DOMParser } from 'linkedom'
import { RepriseError } from '../../lib/errors.ts'
import { damaged } from './scanner.ts'

/** The namespace of our properties: a name, and no address. */
export const NAMESPACE = 'urn:uuid:3279aa27-e769-5b7c-a73a-9d058be8d35c#'
/** Bytes of metadata. */
export const MAX_XMP = 16 * 2 ** 20
/** More records are in no paper. */
export const MOST_RECORDS = 500
/** Characters of metadata in which there is a list of ours, and tags in it, which may all be within each other. */
const [MOST_READ, MOST_TAGS] = [2 ** 20, 10_000]
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
const FIELDS = ['file', 'experiment', 'root', 'record'] as const

/** What is said of one record. */
export type Listed = Readonly<Record<(typeof FIELDS)[number], string>>

/** The first records that metadata lists; what is missing of one is empty. Throws `not-intact` where it is longer than any list. */
export function listedIn(xmp: string): Listed[] {
  if (!xmp.includes(NAMESPACE)) return []
  if (xmp.length > MOST_READ || xmp.split('<', MOST_TAGS + 2).length > MOST_TAGS + 1)
    throw damaged('the metadata that lists its records is too long')
  const document = new DOMParser().parseFromString(xmp, 'text/xml')
  const list = document.getElementsByTagName('reprise:records')[0]
  const items = childrenOf(childrenOf(list, 'rdf:Bag')[0], 'rdf:li')
  return items.slice(0, MOST_RECORDS).map((item) => {
    const holders = [item, ...childrenOf(item, 'rdf:Description')]
    const told = (field: string) => {
      const attribute = holders.map((holder) => holder.getAttribute(`reprise:${field}`)).find(Boolean)
      const element = holders.flatMap((holder) => childrenOf(holder, `reprise:${field}`))[0]
      return attribute ?? element?.textContent?.trim() ?? ''
    }
    return { file: told('file'), experiment: told('experiment'), root: told('root'), record: told('record') }
  })
}

type Node = ReturnType<InstanceType<typeof DOMParser>['parseFromString']>['documentElement']

function childrenOf(parent: Node | undefined, name: string): Node[] {
  return parent === undefined ? [] : [...parent.children].filter(({ tagName }) => tagName === name)
}

/**
 * The metadata with another list of records and nothing else changed; `xmp` is null where there was none. Throws `refused`
 * where that cannot be done without touching what others wrote.
 */
export function withListed(xmp: string | null, listed: readonly Listed[]): string {
  if (xmp === null) return packet(description('', listed))
  const about = /<rdf:Description\b[^>]*?\brdf:about\s*=\s*(?:"([^"<]*)"|'([^'<"]*)')/.exec(xmp)
  const subject = about?.[1] ?? about?.[2] ?? ''
  const old = description(subject, listedIn(xmp))
  const bare = xmp.includes(old) ? xmp.replace(old, () => '') : xmp
  const end = bare.lastIndexOf('</rdf:RDF>')
  if (end < 0 || bare.includes(NAMESPACE)) {
    throw new RepriseError('refused', 'has metadata (XMP) in a form in which nothing can be added to it', {
      subject: 'PDF',
      remedy: 'Attach the records to the paper as LaTeX, or what else made it, wrote it',
    })
  }
  return `${bare.slice(0, end)}${description(subject, listed)}${bare.slice(end)}`
}

function description(about: string, listed: readonly Listed[]): string {
  const items = listed.map((record) => {
    const fields = FIELDS.map((field) => `<reprise:${field}>${escaped(record[field])}</reprise:${field}>`)
    return `    <rdf:li rdf:parseType="Resource">${fields.join('')}</rdf:li>\n`
  })
  return `<rdf:Description rdf:about="${about}" xmlns:rdf="${RDF}" xmlns:reprise="${NAMESPACE}">
  <reprise:records><rdf:Bag>
${items.join('')}  </rdf:Bag></reprise:records>
</rdf:Description>
`
}

/** A packet of its own (ISO 16684-1, 7.3). */
function packet(description: string): string {
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF}">
${description}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them
  const written = text.replace(/[\0-\x1f\x7f-\x9f\ufffe\uffff]|\p{Cs}/gu, '\ufffd')
  return written.replace(/[&<>"]/g, (char) => entities[char]!)
}
