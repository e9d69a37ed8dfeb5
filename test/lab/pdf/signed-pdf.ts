/** A PDF that is signed as signatures are made: a field, a range of its bytes, and a CMS signature over them by openssl. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PAGE, pdfOf } from './pdfs.ts'

/** Hexadecimal digits kept free for the signature. */
const ROOM = 8_192

export function signedPdf(): Buffer {
  const blank = '0000000000'
  const unsigned = pdfOf({
    ...PAGE,
    1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>',
    4: '<< /FT /Sig /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R /T (s) /V 5 0 R >>',
    5: `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 ${blank} ${blank} ${blank}] /Contents <${'0'.repeat(ROOM)}> >>`,
  }).toString('latin1')
  const from = unsigned.indexOf(`<${'0'.repeat(ROOM)}>`)
  const to = from + ROOM + 2
  const pad = (n: number) => String(n).padEnd(blank.length)
  const text = unsigned.replace(
    `[0 ${blank} ${blank} ${blank}]`,
    `[0 ${pad(from)} ${pad(to)} ${pad(unsigned.length - to)}]`,
  )
  const covered = Buffer.from(text.slice(0, from) + text.slice(to), 'latin1')
  const signature = signed(covered).toString('hex').padEnd(ROOM, '0')
  return Buffer.from(`${text.slice(0, from)}<${signature}>${text.slice(to)}`, 'latin1')
}

function signed(content: Uint8Array): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-test-'))
  const at = (name: string) => join(folder, name)
  try {
    writeFileSync(at('content'), content)
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      at('key'),
      '-out',
      at('cert'),
    ]
    execFileSync('openssl', ['req', '-x509', '-subj', '/CN=Author', '-days', '9', ...key], {
      stdio: 'ignore',
    })
    const how = ['-sign', '-binary', '-outform', 'DER', '-signer', at('cert'), '-inkey', at('key')]
    execFileSync('openssl', ['cms', ...how, '-in', at('content'), '-out', at('signature')])
    return readFileSync(at('signature'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
