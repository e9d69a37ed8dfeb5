/** What machines cost, as whoever pays says it. */
export interface Prices {
  /** Of a core for an hour. */
  readonly coreHour: number
  /** ISO 4217, such as USD. */
  readonly currency: string
}

const HOUR_MS = 3_600_000

/** What so much time of cores, ms, costs. */
export function moneyOf(coreMs: number, { coreHour }: Prices): number {
  return (coreMs / HOUR_MS) * coreHour
}
