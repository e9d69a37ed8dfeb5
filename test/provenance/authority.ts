/**
 * A timestamp authority for tests: certificates and tokens made by OpenSSL, in a folder that goes away. What OpenSSL's own
 * authority would not sign, such as a timestamp by a certificate for something else, `openssl cms` signs.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

const CONFIG = `
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[between]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign
[short]
basicConstraints = critical, CA:TRUE, pathlen:0
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[meek]
extendedKeyUsage = timeStamping
[broad]
extendedKeyUsage = critical, timeStamping, codeSigning
[web]
extendedKeyUsage = serverAuth
[bare]
basicConstraints = CA:FALSE
[strange]
extendedKeyUsage = critical, timeStamping
1.2.3.4.5 = critical, ASN1:NULL
[encipher]
keyUsage = critical, keyEncipherment
extendedKeyUsage = critical, timeStamping
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
default_md = sha256
policy = any
rand_serial = yes
[any]
commonName = supplied
[tsa]
default_tsa = stamping
[stamping]
serial = serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.13762.3
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[oldtsa]
serial = serial
signer_digest = sha512
default_policy = 1.3.6.1.4.1.13762.3
digests = sha256
ess_cert_id_alg = sha1
[onlysha512]
serial = serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.13762.3
digests = sha512
ess_cert_id_alg = sha256
`

export type KeyKind = 'rsa' | 'ec' | 'ed25519'

const NEW_KEY: Readonly<Record<KeyKind, readonly string[]>> = {
  rsa: ['rsa:2048'],
  ec: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  ed25519: ['ed25519'],
}

export interface Asked {
  readonly extensions?: string
  readonly by?: string
  readonly kind?: KeyKind
  /** Validity, as OpenSSL writes it: YYYYMMDDHHMMSSZ. */
  readonly from?: string
  readonly to?: string
}

export class Authority {
  readonly folder: string

  constructor(t: TestContext) {
    this.folder = mkdtempSync(join(tmpdir(), 'reprise-test-tsa-'))
    t.after(() => rmSync(this.folder, { recursive: true, force: true }))
    writeFileSync(this.path('openssl.cnf'), CONFIG)
    writeFileSync(this.path('index.txt'), '')
    writeFileSync(this.path('index.txt.attr'), 'unique_subject = no\n')
    writeFileSync(this.path('serial'), '01A7\n')
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  openssl(...words: string[]): Buffer {
    return execFileSync('openssl', words, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] })
  }

  /** A root that signs itself. */
  root(name: string, kind: KeyKind = 'rsa'): string {
    const key = ['-newkey', ...NEW_KEY[kind], '-nodes', '-keyout', `${name}.key`]
    const words = ['-x509', '-config', 'openssl.cnf', '-extensions', 'root', '-subj', `/CN=${name}`]
    this.openssl('req', ...words, ...key, '-days', '30', '-out', `${name}.pem`)
    return this.pem(name)
  }

  /** A certificate by a root or another authority. */
  certificate(name: string, asked: Asked = {}): string {
    const { extensions = 'leaf', by = 'root', kind = 'rsa', from, to } = asked
    const key = ['-newkey', ...NEW_KEY[kind], '-nodes', '-keyout', `${name}.key`]
    this.openssl('req', '-config', 'openssl.cnf', ...key, '-subj', `/CN=${name}`, '-out', `${name}.csr`)
    const dates = ['-startdate', from ?? '20200101000000Z', '-enddate', to ?? '20991231000000Z']
    const words = ['-batch', '-notext', '-config', 'openssl.cnf', '-extensions', extensions, ...dates]
    this.openssl(
      'ca',
      ...words,
      '-cert',
      `${by}.pem`,
      '-keyfile',
      `${by}.key`,
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
    )
    return this.pem(name)
  }

  pem(name: string): string {
    return readFileSync(this.path(`${name}.pem`), 'utf8')
  }

  /** The response of OpenSSL's authority to a request; `chain` are certificates to put into it. */
  reply(request: Uint8Array, signer: string, chain: readonly string[] = [], section = 'stamping'): Buffer {
    writeFileSync(this.path('query.tsq'), request)
    const more = chain.length === 0 ? [] : ['-chain', 'chain.pem']
    if (chain.length > 0) writeFileSync(this.path('chain.pem'), chain.map((name) => this.pem(name)).join(''))
    const words = [
      '-config',
      'openssl.cnf',
      '-section',
      section,
      '-queryfile',
      'query.tsq',
      '-out',
      'reply.tsr',
    ]
    this.openssl('ts', '-reply', ...words, '-signer', `${signer}.pem`, '-inkey', `${signer}.key`, ...more)
    return readFileSync(this.path('reply.tsr'))
  }

  /** What a token says, signed by whom you like: `openssl cms` does not ask what a certificate is for. */
  resign(token: Uint8Array, signer: string, changes: readonly string[] = []): Buffer {
    writeFileSync(this.path('token.der'), token)
    const verified = ['-noverify', '-inform', 'DER', '-in', 'token.der', '-out', 'info.der']
    if (!existsSync(this.path('info.der'))) this.openssl('cms', '-verify', ...verified)
    const type = changes.includes('-econtent_type') ? [] : ['-econtent_type', '1.2.840.113549.1.9.16.1.4']
    const words = ['-binary', '-nodetach', '-nosmimecap', '-outform', 'DER', '-in', 'info.der', ...type]
    this.openssl(
      'cms',
      '-sign',
      ...words,
      '-signer',
      `${signer}.pem`,
      '-inkey',
      `${signer}.key`,
      ...changes,
      '-out',
      'forged.der',
    )
    return readFileSync(this.path('forged.der'))
  }
}

/** A server on this machine, and its URL. */
export async function served(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
