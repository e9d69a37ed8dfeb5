/**
 * Timestamps (RFC 3161): a third party says, signed, that a digest existed at a time. The token comes from elsewhere and is
 * hostile: it is bounded, and whatever is wrong with it becomes a problem in words, never another error.
 *
 * Without trusted certificates a good token says only that its parts belong together: anybody can make an authority. With
 * them, `trusted` says whether a chain leads to one of them. Chains are judged at the time that was stamped; revocation is
 * not checked, since that needs the network.
 */

import { toHex } from '../lib/digest.ts'
import { RepriseError } from '../lib/errors.ts'
import { schema, tsp } from './asn1.ts'
import {
  certificatesIn,
  isValidAt,
  type Known,
  leadsToTrusted,
  stampingFaults,
  strangers,
} from './certificate-chain.ts'
import { unreadable } from './der.ts'
import { readSigned } from './signed-data.ts'
import { MAX_TOKEN, positiveInteger, SHA_256 } from './timestamp-request.ts'
import { type Timestamp, UNTRUSTED } from './timestamp-verdict.ts'

const TIMESTAMP_INFO = '1.2.840.113549.1.9.16.1.4'

const NOTHING: Timestamp = { time: null, policy: null, tsa: null, serial: null, trusted: false, problems: [] }

/**
 * What a token (DER) says of a SHA-256 digest, and what is wrong with it. `trusted` are certificates in PEM, of authorities
 * or their issuers; with none, the chain is not judged. `nonce` is that of the request, where this is the answer to one.
 */
export function verifyTimestamp(
  token: Uint8Array,
  digest: Uint8Array,
  trusted: readonly string[] = [],
  nonce: Uint8Array | null = null,
): Timestamp {
  const anchors = readTrusted(trusted)
  if (token.length > MAX_TOKEN) return { ...NOTHING, problems: [`it is larger than ${MAX_TOKEN} bytes`] }
  try {
    return judge(token, digest, anchors, nonce)
  } catch (error) {
    const what =
      error instanceof Error && /^(is|does|holds|names) /.test(error.message) ? error.message : null
    return { ...NOTHING, problems: [`it ${what ?? 'cannot be read as a timestamp'}`] }
  }
}

/** Trusted certificates are the user's own: one that cannot be read is an error. Throws `usage`. */
function readTrusted(trusted: readonly string[]): Known[] {
  const anchors = trusted.flatMap((pem) => {
    try {
      return certificatesIn(pem)
    } catch {
      return []
    }
  })
  if (anchors.length > 0 || trusted.length === 0) return anchors
  throw new RepriseError('usage', 'holds no certificate that can be read', {
    subject: 'trusted certificates',
    remedy: 'Give certificates in PEM, as the authority publishes them',
  })
}

function judge(
  token: Uint8Array,
  digest: Uint8Array,
  anchors: readonly Known[],
  nonce: Uint8Array | null,
): Timestamp {
  const { content, contentType, signer, certificates, faults } = readSigned(token)
  if (contentType !== TIMESTAMP_INFO) throw unreadable('is signed data of another kind')
  const info = schema().AsnConvert.parse(content, tsp().TSTInfo)
  const time = info.genTime
  const { hashAlgorithm, hashedMessage } = info.messageImprint
  const isOurs =
    hashAlgorithm.algorithm === SHA_256 && Buffer.from(hashedMessage.buffer).equals(Buffer.from(digest))
  const answers =
    nonce === null || (info.nonce !== undefined && toHex(positive(info.nonce)) === toHex(positive(nonce)))
  const leads = leadsToTrusted(signer, certificates, anchors, time)
  const problems = [
    ...faults,
    ...stampingFaults(signer),
    ...(isOurs ? [] : ['it stamps another digest']),
    ...(answers ? [] : ['it answers another request: its nonce differs']),
    ...(isValidAt(signer, time) ? [] : ['the certificate that signed it was not valid at that time']),
    ...(anchors.length === 0 || leads ? [] : [UNTRUSTED]),
    ...(strangers(signer, certificates).length === 0
      ? []
      : ['it holds a certificate that issued none of its chain']),
    ...(info.version === 1 ? [] : ['it is of another version']),
    ...(info.extensions?.some(({ critical }) => critical) === true
      ? ['it has a critical extension that is unknown here']
      : []),
  ]
  return {
    time: time.toISOString(),
    policy: info.policy,
    tsa: signer.x509.subject.replaceAll('\n', ', ').slice(0, 1000),
    serial: toHex(positive(info.serialNumber)),
    trusted: leads && problems.length === 0,
    problems,
  }
}

const positive = (bytes: ArrayBuffer | Uint8Array) => new Uint8Array(positiveInteger(new Uint8Array(bytes)))
