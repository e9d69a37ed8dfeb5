/** Signatures of version 4 as AWS checks them: who signed a request, and whether with the secret that goes with the key. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface Key {
  readonly id: string
  readonly secret: string
}

/** What AWS calls what is wrong; null where the signature is right. */
export interface Unsigned {
  readonly type: string
  readonly message: string
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/
/** How far clocks may be apart, ms. */
const APART_MS = 300_000

export function checkSignature(
  request: IncomingMessage,
  body: Buffer,
  { keys, region, service }: { keys: readonly Key[]; region: string; service: string },
): Unsigned | null {
  const { authorization } = request.headers
  if (authorization === undefined)
    return { type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' }
  const found = FORM.exec(authorization)
  const time = request.headers['x-amz-date']
  if (found === null || typeof time !== 'string')
    return {
      type: 'IncompleteSignatureException',
      message: "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.",
    }
  const [, id, day, where, what, names, signature] = found as unknown as string[]
  const key = keys.find((one) => one.id === id)
  if (key === undefined)
    return {
      type: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    }
  if (where !== region || what !== service)
    return { type: 'InvalidSignatureException', message: `Credential should be scoped to a valid region.` }
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(at - Date.now()) < APART_MS))
    return { type: 'InvalidSignatureException', message: `Signature expired: ${time}` }
  const canonical = canonicalRequest(request, body, names!)
  const scope = `${day}/${where}/${what}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const signed = [day!, where!, what!, 'aws4_request', text].reduce<Buffer | string>(
    (with_, part) => hmac(with_, part),
    `AWS4${key.secret}`,
  )
  if (timingSafeEqual(signed as Buffer, Buffer.from(signature!, 'hex'))) return null
  return {
    type: 'InvalidSignatureException',
    message: `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'${canonical}'\n`,
  }
}

function canonicalRequest({ method, url, headers }: IncomingMessage, body: Buffer, names: string): string {
  const { pathname, searchParams } = new URL(url!, 'http://here')
  searchParams.sort()
  const lines = names.split(';').map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replace(/ +/g, ' ')}\n`,
  )
  return [method, pathname, searchParams.toString(), lines.join(''), names, sha256(body)].join('\n')
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
