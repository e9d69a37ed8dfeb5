/** Limits as they are written for sbatch, as numbers; null for what it would not take either, or take for none. */

const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/** `4G`, or `4000` for as many MiB, as bytes. `0` is all that the node has. */
export function memoryLimit(text: string): number | null {
  const [, digits = '', unit = 'M'] = /^(\d{1,15})([KMGT])?B?$/i.exec(text.trim()) ?? []
  const bytes = Number(digits) * UNITS[unit.toUpperCase()]!
  return bytes > 0 ? bytes : null
}

/** Minutes, MM:SS, H:MM:SS, D-HH, D-HH:MM or D-HH:MM:SS as ms. `0` is no limit. */
export function timeLimit(text: string): number | null {
  const [, days, rest = ''] = /^(?:(\d{1,6})-)?(\d{1,9}(?::\d{1,9}){0,2})$/.exec(text.trim()) ?? []
  if (rest === '') return null
  const parts = rest.split(':').map(Number)
  const [hours, minutes, seconds] =
    days !== undefined || parts.length === 3
      ? [parts[0]!, parts[1] ?? 0, parts[2] ?? 0]
      : [0, parts[0]!, parts[1] ?? 0]
  const ms = 1000 * (86_400 * Number(days ?? 0) + 3600 * hours + 60 * minutes + seconds)
  return ms > 0 ? ms : null
}
