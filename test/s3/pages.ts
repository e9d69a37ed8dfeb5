/**
 * Listings of more than a page from s3rver: its own continuation needs a cipher that Node's OpenSSL no longer has. It is asked as of
 * old, by the last key of the page before, which then is the continuation. Its order is that of its files, so that pages are right
 * where no key begins with another whole key: those of parts.
 */

/** The URL to ask s3rver for in place of this one. */
export function byMarker(url: string): string {
  const { pathname, searchParams } = new URL(url, 'http://x')
  const after = searchParams.get('continuation-token')
  searchParams.delete('list-type')
  searchParams.delete('continuation-token')
  if (after !== null) searchParams.set('marker', Buffer.from(after, 'base64url').toString())
  return `${pathname}?${searchParams}`
}

/** The listing with the continuation that whoever asked expects. */
export function withContinuation(body: Buffer): Buffer {
  const text = body.toString()
  if (!text.includes('<IsTruncated>true</IsTruncated>')) return body
  const last = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].at(-1)![1]!
  const token = Buffer.from(decodeURIComponent(last)).toString('base64url')
  const end = '</ListBucketResult>'
  return Buffer.from(text.replace(end, `<NextContinuationToken>${token}</NextContinuationToken>${end}`))
}
