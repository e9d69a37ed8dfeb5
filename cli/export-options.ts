/** The options of `export`: in which forms, where to, and what only the user can say of the results. */
import { type Command, Option } from 'commander'
import { collect, wholeNumber } from './options.ts'

export function withForms(command: Command): Command {
  const author = new Option(
    '--author <name>',
    '"Doe, Jane <0000-0002-1825-0097>", with or without ORCID, is a person, a name without a comma an organization; may be given again',
  )
  const chunk = new Option(
    '--chunk <k>',
    'the bytes of one chunk, with the proof that they are part of the root',
  )
  return command
    .option(
      '--bundle <file>',
      'one file with manifest, code, inputs and results, for verify and rerun anywhere',
    )
    .option('--to <url>', 'the same as objects in a bucket: s3://BUCKET/PREFIX, which verify takes too')
    .option(
      '--artifact <folder>',
      'what artifact evaluation asks for: bundles, means, claims, README, the tool, metadata',
    )
    .option(
      '--claims <file>',
      'of an artifact: the paper’s claims, a JSON object a line, held against the results',
    )
    .option('--no-tool', 'of an artifact: without Reprise itself')
    .addOption(chunk.argParser(wholeNumber('--chunk', 0, 2 ** 24)))
    .option('-o, --output <file>', 'where the chunk proof goes instead of stdout')
    .option(
      '--ro-crate <folder>',
      'RO-Crate 1.1 with Workflow Run RO-Crate 0.5: manifest, capsule, inputs, results',
    )
    .option('--bagit <folder>', 'BagIt 1.0 bag of the same files')
    .option('--prov <file>', 'provenance as PROV-JSON')
    .option(
      '--latex <place>',
      'a folder for a paper: statement, figures, table and QR code as LaTeX commands, and the manifest; FILE.tex: the statement alone',
    )
    .option('--bibtex <file>', 'a BibTeX entry for the results')
    .option('--cff <file>', 'a CITATION.cff for the results')
    .addOption(author.default([], 'nobody').argParser(collect))
    .option('--license <url>', 'the address of the licence of the results')
    .option('--prefix <letters>', "what the LaTeX commands' names begin with (default: reprise)")
    .option('--location <url>', 'where the record will be found, for the QR code (default: the repository)')
    .option('--force', 'replace files that are there; never folders')
}
