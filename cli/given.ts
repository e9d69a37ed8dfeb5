/** What was said of several things, without what was not. */

export type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

export function given<T extends object>(said: T): Given<T> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Given<T>
}
