/** Markdown as the reference pages need it: a heading that says where a page comes from, and tables. */

/** The head of a page that is made from the code: its title, whence it comes, and a paragraph. */
export function headOf(title: string, from: string, paragraph: string): string {
  return `<!-- Made by npm run docs from ${from}. Change it there. -->\n\n# ${title}\n\n${paragraph}\n`
}

/** A table; what stands in its cells stays in them. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(inCell).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A word of code, also one with backquotes in it. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

/** Text that is no Markdown, and no HTML either. */
export function plain(text: string): string {
  return text.replace(/[\\`*_<>[\]]/g, '\\$&')
}

const inCell = (text: string) => text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')
