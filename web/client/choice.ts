/** A choice of a reader's: a list with its name above it. */
import { make } from './make-element.ts'

export interface Option {
  readonly value: string
  readonly words: string
}

/** The labelled list; `chosen` is told of each new choice. */
export function choice(
  name: string,
  options: readonly Option[],
  value: string,
  chosen: (value: string) => void,
): HTMLElement {
  const select = make('select', {})
  for (const option of options) select.append(make('option', { value: option.value }, option.words))
  select.value = value
  select.addEventListener('change', () => chosen(select.value))
  return make('label', {}, name, select)
}
