/** Amounts as Kubernetes writes them: "2", "500m", "4Gi", "1.5G". */

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
}

/** The number that is meant: of cores, or of bytes; null for what is no such text. */
export function amountOf(text: string): number | null {
  const [, digits, unit] = /^(\d{1,15}(?:\.\d{1,9})?)(m|[kMGTP]|[KMGTP]i)?$/.exec(text.trim()) ?? []
  return digits === undefined ? null : Number(digits) * (unit === undefined ? 1 : UNITS[unit]!)
}
