/** CITATION.cff as data. */

/** The file as data: it is written in the part of YAML that lines and JSON strings make up. */
export function cffOf(text: string): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  let list: unknown[] = []
  for (const line of text.trimEnd().split('\n')) {
    const [, indent, dash, key, value] = /^( *)(- )?(?:([a-z-]+):(?: |$))?(.*)$/u.exec(line)!
    const read = value!.startsWith('"') ? JSON.parse(value!) : value!
    if (indent === '' && read === '') data[key!] = list = []
    else if (indent === '') data[key!] = read
    else if (dash !== undefined) list.push(key === undefined ? read : { [key]: read })
    else Object.assign(list.at(-1) as object, { [key!]: read })
  }
  return data
}
