/**
 * `reprise export RUN|MANIFEST|BUNDLE`: a sealed run as a bundle, as a proof of one chunk, or in the forms of other tools.
 * FORMATS is the list of them; each says what it makes and how.
 */
import { basename, resolve } from 'node:path'
import { type Exportable, findExportable, recordExport, writeBag, writeCrate } from '../../lab/export.ts'
import { findLab } from '../../lab/lab.ts'
import { demandLedger } from '../../lab/ledger.ts'
import {
  checkFreeFile,
  checkFreeFolder,
  demandFolder,
  type WrittenFile,
  writeWholeFile,
} from '../../lab/whole.ts'
import { RepriseError } from '../../lib/errors.ts'
import { type Author, parseAuthor } from '../../provenance/exports/author.ts'
import { bibtexEntry } from '../../provenance/exports/bibtex.ts'
import { citationFile } from '../../provenance/exports/cff.ts'
import { webAddress } from '../../provenance/exports/facts.ts'
import { isPrefix, latexStatement, PREFIX } from '../../provenance/exports/latex.ts'
import { PATHS } from '../../provenance/exports/payload.ts'
import { provJson } from '../../provenance/exports/prov.ts'
import { placeOfUrl } from '../../runners/s3/url.ts'
import { EXIT } from '../exit.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { several } from '../words.ts'
import { exportOneChunk } from './export-chunk.ts'
import { isTexFile, makeLatexFolder } from './export-latex.ts'
import { type Made, makeArchive, makeBundle } from './export-whole.ts'

export interface ExportOptions {
  readonly json?: boolean
  readonly record?: string
  readonly bundle?: string
  readonly to?: string
  readonly chunk?: number
  readonly output?: string
  readonly roCrate?: string
  readonly bagit?: string
  readonly prov?: string
  readonly latex?: string
  readonly bibtex?: string
  readonly cff?: string
  readonly author: readonly string[]
  readonly license?: string
  readonly prefix?: string
  readonly location?: string
  readonly force?: boolean
}

/** What the user says of an export, checked. */
interface About {
  readonly authors: readonly Author[]
  readonly license: string | null
  readonly prefix: string
  /** Where the record will be found; null where nobody said. */
  readonly location: string | null
}

interface Format {
  /** As it is called in answers and in the ledger. */
  readonly name: string
  readonly flag: string
  readonly target: (options: ExportOptions) => string | undefined
  /** Makes a folder, or the text of a file. */
  readonly make:
    | {
        readonly folder: (
          found: Exportable,
          target: string,
          about: About,
          out: Terminal,
        ) => readonly WrittenFile[]
      }
    | { readonly text: (found: Exportable, about: About) => string }
    | { readonly far: (found: Exportable, target: string, out: Terminal) => Promise<Made> }
    | { readonly file: (found: Exportable, target: string, force: boolean, out: Terminal) => Promise<Made> }
}

const FORMATS: readonly Format[] = [
  { name: 'bundle', flag: '--bundle', target: ({ bundle }) => bundle, make: { file: makeBundle } },
  { name: 's3', flag: '--to', target: ({ to }) => to, make: { far: makeArchive } },
  { name: 'ro-crate', flag: '--ro-crate', target: ({ roCrate }) => roCrate, make: { folder: writeCrate } },
  {
    name: 'bagit',
    flag: '--bagit',
    target: ({ bagit }) => bagit,
    make: { folder: (found, target, { authors }) => writeBag(found, target, authors) },
  },
  {
    name: 'prov',
    flag: '--prov',
    target: ({ prov }) => prov,
    make: { text: ({ manifest }) => provJson(manifest) },
  },
  {
    name: 'latex',
    flag: '--latex',
    target: ({ latex }) => (isTexFile(latex) ? latex : undefined),
    make: { text: ({ manifest }, { prefix }) => latexStatement(manifest, prefix) },
  },
  {
    name: 'latex',
    flag: '--latex',
    target: ({ latex }) => (isTexFile(latex) ? undefined : latex),
    make: { folder: makeLatexFolder },
  },
  {
    name: 'bibtex',
    flag: '--bibtex',
    target: ({ bibtex }) => bibtex,
    make: { text: ({ manifest }, { authors }) => bibtexEntry(manifest, authors) },
  },
  {
    name: 'cff',
    flag: '--cff',
    target: ({ cff }) => cff,
    make: { text: ({ manifest }, { authors, license }) => citationFile(manifest, authors, license) },
  },
]

/** A format that was asked for, and where. */
interface Asked {
  readonly format: Format
  readonly target: string
}

export async function exportRun(text: string, options: ExportOptions): Promise<number> {
  const out = terminal(options)
  const asked = askedFormats(options)
  await withUnpacked([text], { ...options, results: true }, async ([path]) => {
    const lab = findLab(process.cwd())
    if (options.chunk !== undefined) await exportOneChunk(lab, path!, options.chunk, options, out)
    else await exportAll(findExportable(lab, path!), asked, options, out)
  })
  return EXIT.done
}

async function exportAll(
  found: Exportable,
  asked: readonly Asked[],
  options: ExportOptions,
  out: Terminal,
): Promise<void> {
  const about = aboutOf(options)
  if (found.run !== null) demandLedger(found.lab) // before anything is written
  const force = options.force === true
  // Texts are made, and places looked at, before anything is written.
  const ready = asked.map(({ format, target }) => {
    if ('far' in format.make) {
      placeOfUrl(target)
      return { format, target, text: null }
    }
    demandFolder(target)
    if ('folder' in format.make) checkFreeFolder(target)
    else checkFreeFile(target, force)
    return { format, target, text: 'text' in format.make ? format.make.text(found, about) : null }
  })
  const written: (Made & { format: string; target: string })[] = []
  try {
    for (const { format, target, text } of ready) {
      const { make } = format
      const made: Made =
        'folder' in make
          ? { files: make.folder(found, target, about, out) }
          : 'far' in make
            ? await make.far(found, target, out)
            : 'file' in make
              ? await make.file(found, target, force, out)
              : { files: [writeWholeFile(target, text!)] }
      const { files, contents = files } = made
      out.say(`wrote ${target}${contents.length === 1 ? '' : ` (${several(contents.length, 'file')})`}`)
      written.push({ format: format.name, target, ...made })
    }
  } finally {
    if (written.length > 0) recordExport(found, written)
  }
  const folders = written.filter(({ format }, i) => 'folder' in ready[i]!.format.make && format !== 'latex')
  if (folders.some(({ files }) => !files.some(({ path }) => basename(path) === PATHS.results)))
    out.say('the results are not at hand: what was written holds the record without them')
  out.answer({ run: found.manifest.run.id, root: found.manifest.results.root, written })
}

function askedFormats(options: ExportOptions): Asked[] {
  const asked = FORMATS.flatMap((format) => {
    const target = format.target(options)
    return target === undefined ? [] : { format, target }
  })
  if (options.chunk !== undefined && asked.length > 0)
    throw new RepriseError('usage', 'goes with no other form', {
      subject: '--chunk',
      remedy: 'Export it by itself',
    })
  if (asked.length === 0 && options.chunk === undefined) {
    throw new RepriseError('usage', 'no format was asked for', {
      subject: 'export',
      remedy: `Give --chunk, or one or more of ${[...new Set(FORMATS.map(({ flag }) => flag))].join(', ')}`,
    })
  }
  asked.forEach(({ format, target }, i) => {
    const twice = asked.slice(0, i).find((other) => resolve(other.target) === resolve(target))
    if (target !== '' && target !== '-' && twice === undefined) return
    const what =
      twice === undefined
        ? `cannot write to ${JSON.stringify(target)}`
        : `names the same place as ${twice.format.flag}`
    throw new RepriseError('usage', what, {
      subject: format.flag,
      remedy: 'Name a file or folder of its own',
    })
  })
  return asked
}

function aboutOf({ author, license, prefix = PREFIX, location }: ExportOptions): About {
  const authors = author.map(parseAuthor)
  const twice = authors.find(
    ({ orcid }, i) => orcid !== null && authors.findIndex((other) => other.orcid === orcid) < i,
  )
  const address = license === undefined ? null : webAddress(license)
  const place = location === undefined ? null : webAddress(location)
  const wrong =
    twice !== undefined
      ? { subject: '--author', what: `${twice.orcid} is given twice`, remedy: 'Name each author once' }
      : license !== undefined && address === null
        ? {
            subject: '--license',
            what: 'is not a web address',
            remedy: 'Such as https://spdx.org/licenses/CC-BY-4.0',
          }
        : location !== undefined && place === null
          ? {
              subject: '--location',
              what: 'is not a web address',
              remedy: 'Such as https://doi.org/10.5281/zenodo.1',
            }
          : !isPrefix(prefix)
            ? {
                subject: '--prefix',
                what: 'is not letters alone',
                remedy: 'TeX reads only letters in the name of a command',
              }
            : null
  if (wrong === null) return { authors, license: address, prefix, location: place }
  throw new RepriseError('usage', wrong.what, { subject: wrong.subject, remedy: wrong.remedy })
}
