/**
 * From the certificate of a timestamp authority to one that is trusted: who issued it, whether that one might, and whether
 * all were valid when the time was stamped. Node's X509Certificate (OpenSSL) checks names and signatures; what an issuer may
 * do and which extensions must be understood is checked here.
 *
 * Revocation is not checked: it would need the network, and verification has none. Names are not constrained: a chain with
 * a critical extension that is not understood is not followed.
 */
import { X509Certificate } from 'node:crypto'
import type { Extension } from '@peculiar/asn1-x509'
import { schema, x509 as types } from './asn1.ts'
import { type Der, unreadable } from './der.ts'

const BASIC_CONSTRAINTS = '2.5.29.19'
const KEY_USAGE = '2.5.29.15'
const EXTENDED_KEY_USAGE = '2.5.29.37'
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
/** Critical extensions that are understood; policies are, in that none is asked for. */
const UNDERSTOOD = new Set([BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, '2.5.29.32'])
/** Certificates in one chain, and in one token. */
const LONGEST = 8

/** A certificate, with the extensions that OpenSSL does not show. */
export interface Known {
  readonly x509: X509Certificate
  readonly extensions: readonly Extension[]
}

/** The certificate in these bytes (DER or PEM). Throws where they are none. */
export function knownCertificate(bytes: Uint8Array | string): Known {
  const x509 = new X509Certificate(bytes)
  const { tbsCertificate } = schema().AsnConvert.parse(new Uint8Array(x509.raw), types().Certificate)
  return { x509, extensions: [...(tbsCertificate.extensions ?? [])] }
}

/** What keeps this certificate from signing timestamps, in words. */
export function stampingFaults(known: Known): string[] {
  const usage = extension(known, EXTENDED_KEY_USAGE)
  const purposes = known.x509.keyUsage ?? []
  const keys = keyUsage(known)
  const { KeyUsageFlags } = types()
  const signs =
    keys === null || (keys & (KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation)) !== 0
  return [
    ...(purposes.includes(TIME_STAMPING) ? [] : ['the certificate that signed it is not for timestamping']),
    ...(purposes.includes(TIME_STAMPING) && (purposes.length > 1 || usage?.critical !== true)
      ? ['the certificate that signed it is not for timestamping alone, marked critical']
      : []),
    ...(signs ? [] : ['the certificate that signed it is not for signatures']),
    ...(understood(known)
      ? []
      : ['the certificate that signed it has a critical extension that is unknown here']),
  ]
}

/** Whether a certificate was valid at a time. */
export function isValidAt({ x509 }: Known, time: Date): boolean {
  return Date.parse(x509.validFrom) <= time.getTime() && time.getTime() <= Date.parse(x509.validTo)
}

/** Whether a chain of certificates, valid at `time`, leads from `signer` to a trusted one. */
export function leadsToTrusted(
  signer: Known,
  embedded: readonly Known[],
  trusted: readonly Known[],
  time: Date,
): boolean {
  const isTrusted = (known: Known) => trusted.some(({ x509 }) => x509.raw.equals(known.x509.raw))
  const seen = new Set<Known>()
  const follow = (known: Known, length: number): boolean => {
    if (isTrusted(known)) return true
    if (length >= LONGEST || seen.has(known)) return false
    seen.add(known)
    return [...trusted, ...embedded].some(
      (issuer) =>
        isIssuer(issuer, known) &&
        mayIssue(issuer, length - 1) &&
        isValidAt(issuer, time) &&
        follow(issuer, length + 1),
    )
  }
  return follow(signer, 1)
}

/** Certificates that issued none of the others on the way up from `signer`. */
export function strangers(signer: Known, embedded: readonly Known[]): Known[] {
  const above = new Set([signer])
  for (const known of above) {
    for (const other of embedded) if (isIssuer(other, known)) above.add(other)
  }
  return embedded.filter((known) => !above.has(known))
}

function isIssuer(issuer: Known, known: Known): boolean {
  try {
    return known.x509.checkIssued(issuer.x509) && known.x509.verify(issuer.x509.publicKey)
  } catch {
    return false // a key that cannot be used
  }
}

/** Whether a certificate is one of an authority, with at most so many of other authorities below it. */
function mayIssue(known: Known, below: number): boolean {
  const found = extension(known, BASIC_CONSTRAINTS)
  if (found === undefined || !understood(known)) return false
  const { BasicConstraints, KeyUsageFlags } = types()
  const { cA, pathLenConstraint } = schema().AsnConvert.parse(found.extnValue.buffer, BasicConstraints)
  const keys = keyUsage(known)
  if (!cA || (keys !== null && (keys & KeyUsageFlags.keyCertSign) === 0)) return false
  return pathLenConstraint === undefined || pathLenConstraint >= below
}

function keyUsage(known: Known): number | null {
  const found = extension(known, KEY_USAGE)
  if (found === undefined) return null
  return schema().AsnConvert.parse(found.extnValue.buffer, types().KeyUsage).toNumber()
}

function understood({ extensions }: Known): boolean {
  return extensions.every(({ critical, extnID }) => !critical || UNDERSTOOD.has(extnID))
}

function extension({ extensions }: Known, id: string): Extension | undefined {
  return extensions.find(({ extnID }) => extnID === id)
}

/** The certificates in PEM, in order. Throws where one is none. */
export function certificatesIn(pem: string): Known[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  return found.map(knownCertificate)
}

/** The certificates of a CMS certificate set; at most so many as one chain has. */
export function certificatesOf(set: readonly Der[]): Known[] {
  if (set.length > LONGEST) throw unreadable(`holds more than ${LONGEST} certificates`)
  return set.map(({ bytes }) => knownCertificate(Buffer.from(bytes)))
}
