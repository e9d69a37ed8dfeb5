/**
 * What lies beneath the runtime: the C library that it is linked with, and what the processor can do. Both decide which
 * code computes a platform's functions. Read from what the system says of this process, in a millisecond or two, since every engine
 * does it; nothing is started, and nothing is kept but names and versions.
 */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'

/**
 * Of some hundred flags, those by which mathematics libraries choose between implementations: vectors, fused
 * multiplication, and their like on arm. The others (virtualisation, mitigations) come and go with kernels and change no bit.
 */
const TELLING =
  /^(pni|sse\d?|ssse3|sse4[_a12]*|avx\w*|fma\d?|f16c|xop|amx\w*|bmi[12]|popcnt|fp|fphp|asimd\w*|sve\w*|sme(?!p)\w*|bf16|i8mm|neon|vfpv\d\w*)$/
const MOST_FLAGS = 100

/** A few kilobytes hold the first processor; on a large machine the whole file takes long to be made. */
const FIRST_PROCESSOR = 16_384
const LARGEST_LIBRARY = 16 * 2 ** 20

/** Names of the processor's abilities, sorted; undefined where the system does not list them. */
export function cpuFlags(text: string = beginning('/proc/cpuinfo')): string[] | undefined {
  const listed = /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1]
  if (listed === undefined) return undefined
  const flags = new Set(listed.split(/\s+/).filter((flag) => flag.length <= 30 && TELLING.test(flag)))
  return [...flags].sort().slice(0, MOST_FLAGS)
}

/** The C library as it says itself, such as `glibc 2.36 (Debian GLIBC 2.36-9+deb12u10)`; undefined where none is found. */
export function libc(maps: string = whole('/proc/self/maps')): string | undefined {
  const path = /\s(\/\S*\/(?:libc\.so\.6|libc-2\.\d+\.so|(?:ld-musl-|libc\.musl-)\S+\.so\.1))$/m.exec(
    maps,
  )?.[1]
  return path === undefined ? undefined : libraryName(path)
}

/** What the library at `path` says of itself in a text of its own. */
export function libraryName(path: string): string | undefined {
  const isMusl = path.includes('musl')
  try {
    if (statSync(path).size > LARGEST_LIBRARY) return isMusl ? 'musl' : 'glibc'
    const bytes = readFileSync(path)
    return isMusl ? muslName(bytes) : glibcName(bytes)
  } catch {
    return isMusl ? 'musl' : 'glibc'
  }
}

function glibcName(bytes: Buffer): string {
  const at = bytes.indexOf('GNU C Library (')
  const banner = at < 0 ? '' : bytes.toString('latin1', at, at + 200)
  const [, build = '', version] =
    /^GNU C Library \(([ -~]{0,100}?)\) \w+ release version ([\d.]*\d)/.exec(banner) ?? []
  return version === undefined ? 'glibc' : `glibc ${version} (${build})`
}

/** musl keeps its version as a text of its own. */
function muslName(bytes: Buffer): string {
  const version = /\0(1\.\d{1,2}\.\d{1,3}(?:[-+][\w.]{1,30})?)\0/.exec(bytes.toString('latin1'))?.[1]
  return version === undefined ? 'musl' : `musl ${version}`
}

function whole(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function beginning(path: string): string {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(FIRST_PROCESSOR)
      return bytes.toString('latin1', 0, readSync(file, bytes))
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}
