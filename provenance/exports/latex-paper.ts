/** The LaTeX file of a folder that goes with a paper: the statement, the figures and their table, a QR code, and the manifest to embed. */
import type { Manifest } from '../manifest.ts'
import { repositoryUrl } from './facts.ts'
import { latexStatement } from './latex.ts'
import { type Figures, latexFigures, type ToldPoint } from './latex-figures.ts'
import { qrPicture } from './qr-picture.ts'

export interface Paper {
  /** What the commands' names begin with. */
  readonly prefix: string
  /** The folder as the paper names it, and in it the manifest. */
  readonly folder: string
  readonly file: string
  /** A web address where the record is to be found; null where nobody said. */
  readonly location: string | null
  /** Null where the results are not at hand. */
  readonly points: readonly ToldPoint[] | null
  readonly swept: readonly string[]
}

/** The text of `reprise.tex`, and what was left out of it. */
export function latexPaper(manifest: Manifest, paper: Paper): { text: string; left: readonly string[] } {
  const { prefix, folder, file, points, swept } = paper
  const none: Figures = {
    lines: ['% The results were not at hand: there are no figures and no table.'],
    left: [],
  }
  const figures = points === null ? none : latexFigures(points, swept, { prefix, wide: `${prefix}unicode` })
  const lines = [
    ...figures.lines,
    `% \\${prefix}qr[WIDTH] draws the root, and where the record is to be found.`,
    `\\newcommand{\\${prefix}qr}[1][2.5cm]{%`,
    ...qrPicture(qrText(manifest, paper.location ?? repositoryUrl(manifest.run)), '#1'),
    '}',
    `% \\${prefix}embed puts the manifest into the PDF (by the package embedfile); reprise attach does so afterwards, and more.`,
    `\\providecommand{\\${prefix}folder}{${folder}}`,
    `\\newcommand{\\${prefix}embed}{\\ifdefined\\embedfile`,
    `  \\embedfile[filespec={${file}},mimetype=application/json,afrelationship=/Data,desc={Provenance record}]{\\${prefix}folder/${file}}%`,
    `  \\else\\PackageError{reprise}{\\string\\${prefix}embed needs the package embedfile}{Say \\string\\usepackage{embedfile}}\\fi}`,
  ]
  return {
    text: `\\RequirePackage{booktabs}\n${latexStatement(manifest, prefix, `reprise rerun ${file}`)}${lines.join('\n')}\n`,
    left: figures.left,
  }
}

/** A web address with the root behind it, which a telephone opens; else the root in words. */
export function qrText({ results }: Manifest, location: string | null): string {
  if (location === null || location.length > 300) return `reprise root ${results.root}`
  return location.includes('#')
    ? `${location} reprise root ${results.root}`
    : `${location}#root=${results.root}`
}
