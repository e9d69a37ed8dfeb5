/**
 * The signature of a timestamp token (CMS SignedData, RFC 5652): one signer, whose certificate is named by its digest under
 * the signature (RFC 5035), signs attributes that hold the digest of the content. Node's crypto does the arithmetic.
 */
import { createHash, verify } from 'node:crypto'
import type { Attribute, SignerInfo } from '@peculiar/asn1-cms'
import type { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { cms, schema, x509 } from './asn1.ts'
import { certificatesOf, type Known } from './certificate-chain.ts'
import { type Der, readDer, SEQUENCE, SET, TAG_0, unreadable } from './der.ts'

const SIGNED_DATA = '1.2.840.113549.1.7.2'
const CONTENT_TYPE = '1.2.840.113549.1.9.3'
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4'
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12'
const SIGNING_CERTIFICATE_2 = '1.2.840.113549.1.9.16.2.47'

/** Digests by their identifier; SHA-1 only names certificates. */
const DIGESTS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** What signature algorithms ask for: a kind of key, and the digest where they name one. */
const SIGNATURES: Readonly<Record<string, { readonly key: string; readonly digest?: string }>> = {
  '1.2.840.113549.1.1.1': { key: 'rsa' },
  '1.2.840.113549.1.1.11': { key: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', digest: 'sha512' },
  '1.2.840.10045.4.3.2': { key: 'ec', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', digest: 'sha512' },
}

export interface Signed {
  /** What was signed, and its type. */
  readonly content: Uint8Array
  readonly contentType: string
  /** The certificate of the signer, and all that came along, this one too. */
  readonly signer: Known
  readonly certificates: readonly Known[]
  /** What is wrong with the signature, in words. */
  readonly faults: readonly string[]
}

/** Reads a token and checks its signature. Throws (whatever the parsers throw) where it cannot be read. */
export function readSigned(token: Uint8Array): Signed {
  const shaped = hasShape(readDer(token))
  const { AsnConvert } = schema()
  const { contentType, content } = AsnConvert.parse(token, cms().ContentInfo)
  if (!shaped || contentType !== SIGNED_DATA) throw unreadable('is not signed data')
  const bytes = new Uint8Array(content)
  const data = AsnConvert.parse(bytes, cms().SignedData)
  const nodes = readDer(bytes).children
  const set = nodes.find(({ tag }) => tag === TAG_0)
  const certificates = set === undefined ? [] : certificatesOf(set.children)
  const [info, second] = data.signerInfos
  const inner = data.encapContentInfo.eContent?.single?.buffer
  if (info === undefined || second !== undefined) throw unreadable('does not have one signer')
  if (inner === undefined) throw unreadable('holds nothing that is signed')
  const signed = new Uint8Array(inner)
  const named = namedCertificate(info)
  const signer = certificates.find(({ x509 }) => hasDigest(x509.raw, named))
  if (signer === undefined) throw unreadable('does not hold the certificate that its signature names')
  const faults = faultsOf(info, nodes.at(-1)!.children[0]!, signed, nodes[2]!.children[0]!, signer)
  const [algorithm, another] = data.digestAlgorithms
  const odd =
    data.version !== 3 || another !== undefined || !isPlain(algorithm, info.digestAlgorithm.algorithm)
  return {
    content: signed,
    contentType: data.encapContentInfo.eContentType,
    signer,
    certificates,
    faults: odd ? [...faults, 'it is not signed data of version 3 with one digest'] : faults,
  }
}

/** Whether the tags that no signature covers are those of signed data: the library lets others pass. */
function hasShape(token: Der): boolean {
  const data = token.children[1]?.children[0]
  const [, digests, content, ...more] = data?.children ?? []
  const signers = more.at(-1)
  const signer = signers?.children[0]
  const sequences = [
    token,
    data,
    digests?.children[0],
    content,
    signer,
    signer?.children[2],
    signer?.children[4],
  ]
  return (
    sequences.every((node) => node?.tag === SEQUENCE) && [digests, signers].every((node) => node?.tag === SET)
  )
}

/** An algorithm by this identifier, without parameters. */
function isPlain(algorithm: AlgorithmIdentifier | undefined, id: string): boolean {
  const { parameters } = algorithm ?? {}
  const none = parameters == null || (parameters.byteLength === 2 && new Uint8Array(parameters)[0] === 5)
  return algorithm?.algorithm === id && none
}

/** The attributes as they were signed: the bytes that came, with the tag of a SET in the place of [0]. */
function signedAttributes(signerInfo: Der): Uint8Array {
  const attributes = signerInfo.children[3] // after version, signer and digest
  if (attributes?.tag !== TAG_0) throw unreadable('does not have signed attributes')
  return Uint8Array.from([SET, ...attributes.bytes.subarray(1)])
}

/** What is wrong with the signature, in words. */
function faultsOf(
  info: SignerInfo,
  node: Der,
  content: Uint8Array,
  contentType: Der,
  signer: Known,
): string[] {
  const algorithm = info.signatureAlgorithm.algorithm
  const digest = DIGESTS[info.digestAlgorithm.algorithm]
  const signature = SIGNATURES[algorithm]
  if (digest === undefined) return ['its digest is too weak or unknown here']
  if (signature === undefined || (signature.digest ?? digest) !== digest)
    return ['its signature is of an algorithm that is unknown here']
  const { publicKey } = signer.x509
  if (publicKey.asymmetricKeyType !== signature.key)
    return ['its signature is of another kind than the key of its certificate']
  const good = verify(digest, signedAttributes(node), publicKey, new Uint8Array(info.signature.buffer))
  const hash = bytesOf(attributeOf(info, MESSAGE_DIGEST))
  const agrees = Buffer.from(attributeOf(info, CONTENT_TYPE)).equals(contentType.bytes)
  const plain = isPlain(info.digestAlgorithm, info.digestAlgorithm.algorithm)
  return [
    ...(good ? [] : ['its signature is not one by the key of its certificate']),
    ...(agrees && hasDigest(content, { digest, hash }) ? [] : ['its content is not what was signed']),
    ...(info.version === 1 && namesSigner(node.children[1], signer) ? [] : ['its signer is named wrongly']),
    ...(plain && isPlain(info.signatureAlgorithm, algorithm) ? [] : ['its algorithms have parameters']),
  ]
}

/** Whether the signer is the certificate's, by the very bytes of issuer and serial number. */
function namesSigner(sid: Der | undefined, { x509 }: Known): boolean {
  const certified = readDer(new Uint8Array(x509.raw)).children[0]?.children ?? [] // version, serial, algorithm, issuer, …
  const [issuer, serial, more] = sid?.tag === SEQUENCE ? sid.children : []
  return more === undefined && isSame(issuer, certified[3]) && isSame(serial, certified[1])
}

function isSame(one: Der | undefined, other: Der | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.from(one.bytes).equals(other.bytes)
}

interface Digested {
  readonly digest: string
  readonly hash: Uint8Array
}

function hasDigest(bytes: Uint8Array, { digest, hash }: Digested): boolean {
  return createHash(digest).update(bytes).digest().equals(hash)
}

/** The digest by which the signed attributes name the signer's certificate: the first of each list. */
function namedCertificate(info: SignerInfo): Digested {
  const second = info.signedAttrs?.some(({ attrType }) => attrType === SIGNING_CERTIFICATE_2) === true
  const value = readDer(attributeOf(info, second ? SIGNING_CERTIFICATE_2 : SIGNING_CERTIFICATE))
  const [head, next] = value.children[0]?.children[0]?.children ?? []
  if (head === undefined) throw unreadable('does not name its certificate')
  if (!second) return { digest: 'sha1', hash: bytesOf(head.bytes) }
  if (head.tag !== SEQUENCE) return { digest: 'sha256', hash: bytesOf(head.bytes) }
  const digest = DIGESTS[schema().AsnConvert.parse(head.bytes, x509().AlgorithmIdentifier).algorithm]
  if (digest === undefined || next === undefined)
    throw unreadable('names its certificate by a digest that is unknown here')
  return { digest, hash: bytesOf(next.bytes) }
}

/** The bytes of an OCTET STRING. */
function bytesOf(raw: Uint8Array): Uint8Array {
  const { AsnConvert, OctetString } = schema()
  return new Uint8Array(AsnConvert.parse(raw, OctetString).buffer)
}

/** The one value of a signed attribute that is there once. */
function attributeOf({ signedAttrs = [] }: SignerInfo, type: string): Uint8Array {
  const [one, other] = signedAttrs.filter(({ attrType }: Attribute) => attrType === type)
  const [value, more] = one?.attrValues ?? []
  if (value === undefined || more !== undefined || other !== undefined)
    throw unreadable('does not have the signed attributes of a timestamp')
  return new Uint8Array(value)
}
