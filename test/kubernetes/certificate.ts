/** A certificate for servers on this machine's loopback address, which is its own authority, as clusters have one of their own. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_subjectAltName,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'

const DAY_MS = 86_400_000
const COMMON_NAME = '2.5.4.3'
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'

export interface Identity {
  /** PEM. */
  readonly key: string
  readonly cert: string
}

/** For 127.0.0.1, from yesterday to tomorrow. */
export function newIdentity(): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ utf8String: 'tests' }) }),
    ]),
  ])
  const algorithm = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 })
  const serial = randomBytes(8)
  serial[0] = (serial[0]! & 0x7f) | 1
  const tbs = new TBSCertificate({
    version: Version.v3,
    serialNumber: bytesOf(serial),
    signature: algorithm,
    issuer: name,
    subject: name,
    validity: new Validity({
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + DAY_MS),
    }),
    subjectPublicKeyInfo: AsnConvert.parse(
      publicKey.export({ type: 'spki', format: 'der' }),
      SubjectPublicKeyInfo,
    ),
  })
  tbs.extensions = new Extensions([
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: true })),
    extension(
      id_ce_subjectAltName,
      new SubjectAlternativeName([new GeneralName({ iPAddress: '127.0.0.1' })]),
    ),
  ])
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbs)), privateKey)
  const whole = new Certificate({
    tbsCertificate: tbs,
    signatureAlgorithm: algorithm,
    signatureValue: bytesOf(signature),
  })
  const base64 = Buffer.from(AsnConvert.serialize(whole)).toString('base64')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
  }
}

function extension(type: string, value: object): Extension {
  return new Extension({
    extnID: type,
    critical: false,
    extnValue: new OctetString(AsnConvert.serialize(value)),
  })
}

const bytesOf = (bytes: Buffer) => Uint8Array.from(bytes).buffer
