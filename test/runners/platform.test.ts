/** What lies beneath the runtime: read from what the system says, in the forms in which different systems say it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { cpuFlags, libc, libraryName } from '../../runners/platform.ts'

test('should tell abilities that matter to arithmetic, sorted, of the first processor', () => {
  const x64 =
    'processor\t: 0\nflags\t\t: fpu vme sse4_2 smep fma avx2 avx512f hypervisor avx\n\nflags\t\t: xop\n'
  assert.deepEqual(cpuFlags(x64), ['avx', 'avx2', 'avx512f', 'fma', 'sse4_2'])
  assert.deepEqual(cpuFlags('Features\t: fp asimd evtstrm aes sve2 sme2\n'), ['asimd', 'fp', 'sme2', 'sve2'])
  assert.equal(cpuFlags('processor: 0\nisa: rv64imafdc\n'), undefined)
  assert.equal(cpuFlags(''), undefined)
  const flood = `flags : ${Array.from({ length: 500 }, (_, i) => `avx${i}`).join(' ')} avx${'x'.repeat(50)}`
  assert.equal(cpuFlags(flood)?.length, 100)
  assert.ok(cpuFlags(flood)!.every((flag) => flag.length <= 30))
})

test('should tell the C library that this process is linked with', (t) => {
  const told = spawnSync('getconf', ['GNU_LIBC_VERSION'], { encoding: 'utf8' })
  if (told.status !== 0) return t.skip('this system has no glibc')
  assert.ok(libc()!.startsWith(`${told.stdout.trim()} (`), libc())
  assert.deepEqual(libc(), libc(), 'the same each time')
})

test('should read the name in a library, and no more than its kind where it says nothing', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-test-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const put = (name: string, text: string) => {
    const path = join(folder, name)
    writeFileSync(path, text, 'latin1')
    return path
  }
  const banner = '\0GNU C Library (Ubuntu GLIBC 2.39-0ubuntu8.4) stable release version 2.39.\nCopyright'
  const gnu = put('libc.so.6', `ELF\xff\0${banner}`)
  assert.equal(libraryName(gnu), 'glibc 2.39 (Ubuntu GLIBC 2.39-0ubuntu8.4)')
  assert.equal(libc(`7f00-7f01 r-xp 00000000 08:01 42      ${gnu}\n`), libraryName(gnu))
  const musl = put('ld-musl-x86_64.so.1', 'ELF\0musl libc (%s)\nVersion %s\n\x001.2.5\0\x000.9\0')
  assert.equal(libraryName(musl), 'musl 1.2.5')
  assert.equal(libc(`7f00-7f01 r-xp 00000000 08:01 42      ${musl}\n`), 'musl 1.2.5')
  assert.equal(libraryName(put('libc-2.31.so', 'nothing')), 'glibc')
  assert.equal(libraryName(join(folder, 'no-musl')), 'musl')
  assert.equal(libc('7f00-7f01 r-xp 00000000 08:01 42 /usr/lib/libm.so.6\n'), undefined)
  assert.equal(libc(''), undefined)
})
