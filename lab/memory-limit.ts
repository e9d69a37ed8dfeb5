/** A limit of memory as it is written for sbatch, in bytes; null for what it would not take either, or take for none. */

const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/** `4G`, or `4000` for as many MiB, as bytes. `0` is all that the node has. */
export function memoryLimit(text: string): number | null {
  const [, digits = '', unit = 'M'] = /^(\d{1,15})([KMGT])?B?$/i.exec(text.trim()) ?? []
  const bytes = Number(digits) * UNITS[unit.toUpperCase()]!
  return bytes > 0 ? bytes : null
}
