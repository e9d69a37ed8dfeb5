/** Times and amounts as Slurm’s programs write them where they are told that the time zone is UTC. */

/** ISO 8601; null where there is none yet, or it is not known. */
export function utc(text: string): string | null {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text.trim()) ? `${text.trim()}Z` : null
}

/** Processor time, `[DD-[HH:]]MM:SS[.mmm]`, in ms; null where it is none. */
export function elapsedMs(text: string): number | null {
  const found = /^(?:(\d{1,6})-)?(?:(\d{1,4}):)?(\d{1,4}):(\d\d)(?:\.(\d{1,6}))?$/.exec(text.trim())
  if (found === null) return null
  const [days, hours, minutes, seconds] = found.slice(1, 5).map((word) => Number(word ?? 0))
  const fraction = Number(`0.${found[5] ?? 0}`)
  return Math.round((days! * 86_400 + hours! * 3_600 + minutes! * 60 + seconds! + fraction) * 1000)
}

/** Memory, `1234K`, `1.5M`, in bytes; null where nothing was measured. */
export function bytesOf(text: string): number | null {
  const found = /^(\d{1,15}(?:\.\d{1,6})?)([KMGTP]?)$/.exec(text.trim())
  if (found === null) return null
  const bytes = Math.round(Number(found[1]) * 1024 ** ['', 'K', 'M', 'G', 'T', 'P'].indexOf(found[2]!))
  return bytes === 0 ? null : bytes
}
