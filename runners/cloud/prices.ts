/** What machines cost, as whoever pays says it. */
export interface Prices {
  /** Of a core for an hour. */
  readonly coreHour: number
  /** ISO 4217, such as USD. */
  readonly currency: string
}
