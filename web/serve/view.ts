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
  /** Means for the figure, where the page has one. */
  readonly figure?: Figure
}

/** Means at points, as the figure draws them. */
export interface Figure {
  /** Parameters that vary and fields that have means, by their names. */
  readonly factors: readonly string[]
  readonly fields: readonly string[]
  readonly points: readonly FigurePoint[]
}

export interface FigurePoint {
  /** Values of the factors; what is no number is text. */
  readonly at: readonly (number | string)[]
  /** Mean and standard error of each field; null where there is none. */
  readonly means: readonly (readonly [mean: number | null, error: number | null])[]
}

/** Sections as text. */
export function sectionsOf(parts: Readonly<Record<string, Html | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).map(([id, part]) => [id, part?.text ?? '']))
}
