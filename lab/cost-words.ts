/** Core-hours and money in words. */

import { HOUR_MS } from '../runners/array/spent.ts'
import type { Amount, Cost } from './cost.ts'
import { roughCores, twoDigits } from './rough-words.ts'

/** `1.2 core-hours, 0.048 USD`. */
export function amountWords({ coreHours, money }: Amount, currency: string | null): string {
  const cores = roughCores(coreHours * HOUR_MS)
  return money === null || currency === null ? cores : `${cores}, ${moneyWords(money, currency)}`
}

/** `0.048 USD`; what is less than any coin is still something. */
export function moneyWords(money: number, currency: string): string {
  return money > 0 && money < 0.01 ? `less than 0.01 ${currency}` : `${twoDigits(money)} ${currency}`
}

/** `1.2 core-hours, 0.048 USD; to come about 3.4 core-hours, 0.14 USD`; empty where nothing was spent yet. */
export function costWords({ spent, ahead, currency, of }: Cost): string {
  if (spent.coreHours === 0) return ''
  const told = `${amountWords(spent, currency)}${of === 'engines' ? ' of engines at work' : ''}`
  return ahead === null ? told : `${told}; to come about ${amountWords(ahead, currency)}`
}
