/**
 * Text for LaTeX and BibTeX. Whatever a name holds is typeset and never executed: each character that TeX heeds becomes
 * the command that prints it, each that pdfTeX may not know its code point (XeTeX and LuaTeX, which know it, print it).
 * Braces become words, since BibTeX counts them even behind a backslash.
 */

const COMMANDS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "''",
  '`': '\\textquoteleft{}',
  "'": '\\textquoteright{}',
}

/** Letters that every LaTeX of this century prints by themselves. */
const KNOWN = /^[\u00c0-\u00cf\u00d1-\u00d6\u00d8-\u00dd\u00df-\u00ef\u00f1-\u00f6\u00f8-\u00fd\u00ff]$/u
/** What has no picture: controls, formats (which turn text around), surrogates, unassigned. */
const UNSEEN = /^[\p{C}\p{Zl}\p{Zp}]$/u

/** A text to be typeset as it is. `wide` is the command for what not every TeX knows; see `wideCommand`. */
export function texText(text: string, wide: string | null): string {
  const characters = Array.from(text.replace(/[\s\p{Zs}]+/gu, ' '), (character) => {
    const command = COMMANDS[character]
    if (command !== undefined) return command
    if (/^[ -~]$/.test(character) || KNOWN.test(character)) return character
    const code = character.codePointAt(0)!
    const told = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
    return wide === null || UNSEEN.test(character) ? told : `\\${wide}{${character}}{${told}}{${code}}`
  })
  return characters.join('').replace(/([-,])(?=\1)/g, '$1{}') // two would become a dash, or a quotation mark
}

/** The definition of the command `name`: its first argument where TeX reads Unicode and the font has it, else its second. */
export function wideCommand(name: string): string {
  const seen = '\\iffontchar\\font#3 #1\\else#2\\fi'
  return `\\providecommand{\\${name}}[3]{\\ifdefined\\Umathcode${seen}\\else#2\\fi}`
}

/** Hexadecimal digits in groups between which a line may end. */
export function texDigest(hex: string): string {
  return hex.replace(/(.{4})(?!$)/g, '$1\\allowbreak{}')
}

/** A commit as a digest, where it is one: a manifest may claim any text. */
export function texCommit(commit: string, wide: string | null): string {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) ? texDigest(commit) : texText(commit, wide)
}
