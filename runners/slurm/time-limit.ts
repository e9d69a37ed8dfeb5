/** A limit of time as sbatch takes it: `90`, `90:00`, `1:30:00`, `1-12`, `1-12:30`, `1-12:30:00`. */

/** Milliseconds; null where it is none, is unlimited, or is no such text. */
export function timeLimitMs(text: string): number | null {
  const found = /^(?:(\d{1,6})-)?(\d{1,9})(?::(\d{1,9}))?(?::(\d{1,9}))?$/.exec(text.trim())
  if (found === null) return null
  const [days, first, second, third] = found
    .slice(1)
    .map((word) => (word === undefined ? null : Number(word)))
  const seconds =
    days !== null
      ? days! * 86_400 + first! * 3_600 + (second ?? 0) * 60 + (third ?? 0)
      : third !== null
        ? first! * 3_600 + second! * 60 + third!
        : first! * 60 + (second ?? 0)
  return seconds === 0 ? null : seconds * 1000
}
