/**
 * What a page shows, made by a thread that reads the lab: plain data, so that it can come from there. Sections are HTML that
 * was escaped where it was put together; each is replaced by itself when it changes.
 */
import type { Html } from '../html.ts'

export interface View {
  readonly title: string
  /** HTML by the id of the element that holds it, in the order of the page. */
  readonly sections: Readonly<Record<string, string>>
  /** What a screen reader is told when it changes: little, and seldom another. */
  readonly said: string
  /** Whether more is to come soon. */
  readonly goes: boolean
  /** Stands for all that was looked at: while it is the same and nothing goes on, there is nothing new. */
  readonly key: string
  /** Stands for the results: while it is the same, what is slow to read need not be read again. */
  readonly results: string
  /** The canonical text of the model that the figure is drawn from, where the page has one. */
  readonly figure?: string
}

/** A page that is whole, with a policy of its own. */
export interface Whole {
  readonly page: string
}

/** Sections as text. */
export function sectionsOf(parts: Readonly<Record<string, Html | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).map(([id, part]) => [id, part?.text ?? '']))
}
