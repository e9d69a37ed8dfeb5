/** The examples that each command's help shows. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  check: [
    'reprise check sweep.ts',
    'reprise check sweep.ts --chunks 20 --runtime ~/node-24/bin/node',
    'reprise check sweep.ts --skip jitless --json | jq .causes',
  ],
  run: [
    'reprise run examples/epidemic.ts',
    'reprise run sweep.ts --engines 4 --timeout 60',
    'reprise run sweep.ts --replicate 1%',
    'reprise run sweep.ts --audited',
    'reprise run sweep.ts --json | jq -r .root',
  ],
  rerun: [
    'reprise rerun @last',
    'reprise rerun paper/manifest.json --yes',
    'reprise rerun paper/manifest.json --sample 100',
    'reprise rerun paper/manifest.json --runtime recorded',
    'reprise rerun paper.zip --yes',
  ],
  verify: [
    'reprise verify @last',
    'reprise verify paper/manifest.json --trust authors.keys',
    'reprise verify paper.zip',
    'reprise verify chunk-17.json',
    'reprise verify .reprise/ledger.sqlite --json',
  ],
  register: [
    'reprise register sweep.ts',
    'reprise register sweep.ts --json | jq -r .checkpoint > checkpoint.txt',
  ],
  ledger: [
    'reprise ledger',
    'reprise ledger sir-epidemic',
    'reprise ledger --note "the paper uses run 20261123T0551"',
    'reprise ledger --output ledger.txt',
  ],
  witness: [
    'reprise witness paper/manifest.json > statement.txt',
    'reprise witness paper/manifest.json -o statement.txt',
  ],
  attach: [
    'reprise attach paper/manifest.json statement.txt',
    'reprise attach @last alice.txt bob.txt -o with-witnesses.json',
  ],
  'key show': ['reprise key show', 'reprise key show --json | jq -r .key >> authors.keys'],
  'key import': ['reprise key import my-key.pem'],
  'key rotate': ['reprise key rotate'],
  status: ['reprise status', 'reprise status @last'],
  watch: ['reprise watch', 'reprise watch 20261123T0551'],
  resume: ['reprise resume @last', 'reprise resume 20261123T0551 --engines 8'],
  cancel: ['reprise cancel @last'],
  ls: ['reprise ls', 'reprise ls --json | jq ".runs[] | select(.state == \\"sealed\\") | .root"'],
  show: [
    'reprise show @last',
    'reprise show paper/manifest.json',
    'reprise show paper/manifest.json --capsule | less',
  ],
  results: [
    'reprise results @last | head',
    'reprise results @last --format csv > results.csv',
    'reprise results @last --format parquet --output results.parquet',
  ],
  diff: [
    'reprise diff 20261123T0551 @last',
    'reprise diff paper/manifest.json @last --json',
    'reprise diff paper/manifest.json @last --tolerance 1e-9 --accept tolerance',
    'reprise diff 20261123T0551 @last --statistics',
  ],
  export: [
    'reprise export @last --bundle paper.zip',
    'reprise export @last --chunk 17 --output chunk-17.json',
    'reprise export @last --ro-crate crate --license https://spdx.org/licenses/CC-BY-4.0 --author "Doe, Jane"',
    'reprise export @last --latex paper/reprise.tex --bibtex paper/reprise.bib',
    'reprise export paper/manifest.json --prov prov.json --bagit bag',
  ],
  doctor: ['reprise doctor', 'reprise doctor paper/manifest.json', 'reprise doctor --json | jq .fingerprint'],
}
