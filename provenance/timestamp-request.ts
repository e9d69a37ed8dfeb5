/**
 * Asking for a timestamp, and what came back (RFC 3161): the request's bytes, and the token in the response. The token is
 * not believed here; timestamp.ts checks it.
 */

import type { TimeStampResp } from '@peculiar/asn1-tsp'
import { RepriseError } from '../lib/errors.ts'
import { schema, tsp, x509 } from './asn1.ts'
import { type Der, readDer } from './der.ts'

export const SHA_256 = '2.16.840.1.101.3.4.2.1'

/** A response or token that is larger is none. */
export const MAX_TOKEN = 64 * 1024

/** The DER bytes of a request for a timestamp of a SHA-256 digest; the certificate is to come along. */
export function timestampRequest(digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  const { AsnConvert, OctetString } = schema()
  const { MessageImprint, TimeStampReq, TimeStampReqVersion } = tsp()
  const { AlgorithmIdentifier } = x509()
  const request = new TimeStampReq({
    version: TimeStampReqVersion.v1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA_256, parameters: null }),
      hashedMessage: new OctetString(new Uint8Array(digest)),
    }),
    nonce: positiveInteger(nonce),
    certReq: true,
  })
  return new Uint8Array(AsnConvert.serialize(request))
}

/** The content of a DER INTEGER that is a nonce: no sign, no leading zeros but the one that keeps it positive. */
export function positiveInteger(bytes: Uint8Array): ArrayBuffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first < 0 ? [0] : [...bytes.subarray(first)]
  return Uint8Array.from(digits[0]! >= 0x80 ? [0, ...digits] : digits).buffer
}

/** The DER bytes of the token in a response. Throws `refused` where the authority gave none, `not-intact` for what is no response. */
export function readTimestamp(response: Uint8Array): Uint8Array {
  if (response.length > MAX_TOKEN) throw noResponse(`is larger than ${MAX_TOKEN} bytes`)
  let parsed: TimeStampResp
  let token: Der | undefined
  try {
    token = readDer(response).children[1]
    parsed = schema().AsnConvert.parse(response, tsp().TimeStampResp)
  } catch {
    throw noResponse('is no response to a timestamp request')
  }
  const { PKIStatus } = tsp()
  const { status, statusString, failInfo } = parsed.status
  if (status === PKIStatus.granted || status === PKIStatus.grantedWithMods) {
    if (token !== undefined) return Uint8Array.from(token.bytes)
    throw noResponse('says that the timestamp is granted, and holds none')
  }
  const words = [
    PKIStatus[status] ?? `status ${String(status)}`,
    ...(failInfo === undefined ? [] : failInfo.toJSON()),
    ...(statusString ?? []),
  ]
  throw new RepriseError('refused', `the authority gave no timestamp: ${words.join(', ').slice(0, 500)}`, {
    subject: 'timestamp',
    remedy: 'Ask later, or another authority',
  })
}

function noResponse(what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: 'timestamp response',
    remedy: 'Check that the URL is that of a timestamp authority (RFC 3161)',
  })
}
