/** Certificates of timestamp authorities that the user trusts, from files that the user names. */
import { readFileSync, statSync } from 'node:fs'
import { RepriseError } from '../lib/errors.ts'

/** Bytes of a file of certificates. */
const MOST = 1_000_000

/** Files of trusted certificates, in PEM. Throws `usage` for what is none. */
export function certificatesIn(files: readonly string[]): string[] {
  return files.map((file) => {
    const stats = statSync(file, { throwIfNoEntry: false })
    const text = stats?.isFile() === true && stats.size <= MOST ? readFileSync(file, 'utf8') : ''
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text
    throw new RepriseError('usage', 'is no file of certificates in PEM', {
      subject: file.slice(0, 200),
      remedy: 'Give the certificate that the authority publishes',
    })
  })
}
