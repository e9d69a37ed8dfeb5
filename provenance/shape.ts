/** A shape: a JSON Schema as a function, as ajv makes it, and what it says of JSON that has another. */

export interface Shape<T = unknown> {
  (json: unknown): json is T
  /** Of what was asked last. */
  errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null
}

/** Where JSON that was refused last first differs from the shape, and in what. */
export function misfit({ errors }: Pick<Shape, 'errors'>): string {
  const [first] = errors ?? []
  const place = first?.instancePath.slice(1).replaceAll('/', '.') || 'it'
  return `${place} ${first?.message ?? 'is malformed'}`
}
