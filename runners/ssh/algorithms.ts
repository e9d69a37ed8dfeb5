/**
 * What is offered to servers: of ssh2's algorithms those that OpenSSH still offers by itself. No SHA-1 in signatures or
 * MACs, no CBC, no group 1 and 14 with SHA-1.
 */
import { getCiphers } from 'node:crypto'
import type { Algorithms } from 'ssh2'

type HostKeyAlgorithm = NonNullable<Extract<Algorithms['serverHostKey'], readonly unknown[]>>[number]

/** Types of host keys and the signatures that are taken from them. */
const HOST_KEYS: Readonly<Record<string, readonly HostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
}

/** Types that are known of the host come first, so that it shows the key by which it is known. */
export function algorithmsFor(types: readonly string[]): Algorithms {
  const ordered = [...types.filter((type) => type in HOST_KEYS), ...Object.keys(HOST_KEYS)]
  return algorithmsOf([...new Set(ordered)])
}

/** Only keys of these types. */
export function algorithmsOf(types: readonly string[]): Algorithms {
  return {
    kex: [
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group-exchange-sha256',
      'diffie-hellman-group16-sha512',
      'diffie-hellman-group18-sha512',
      'diffie-hellman-group14-sha256',
    ],
    serverHostKey: types.flatMap((type) => [...(HOST_KEYS[type] ?? [])]),
    cipher: [
      'aes128-gcm@openssh.com',
      'aes256-gcm@openssh.com',
      ...(getCiphers().includes('chacha20') ? (['chacha20-poly1305@openssh.com'] as const) : []),
      'aes128-ctr',
      'aes192-ctr',
      'aes256-ctr',
    ],
    hmac: [
      'hmac-sha2-256-etm@openssh.com',
      'hmac-sha2-512-etm@openssh.com',
      'hmac-sha2-256',
      'hmac-sha2-512',
    ],
    compress: ['none'],
  }
}

export const HOST_KEY_TYPES: readonly string[] = Object.keys(HOST_KEYS)
