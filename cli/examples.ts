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
    'reprise run sweep.ts --json | jq -r .root',
  ],
  rerun: [
    'reprise rerun @last',
    'reprise rerun paper/manifest.json --yes',
    'reprise rerun paper/manifest.json --sample 100',
    'reprise rerun paper/manifest.json --sample 100 --stratify point --beacon "drand quicknet 24310123: 6cb9e7a2…"',
    'reprise rerun paper/manifest.json --runtime recorded',
  ],
  verify: ['reprise verify @last', 'reprise verify paper/manifest.json --json'],
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
  diff: ['reprise diff 20261123T0551 @last', 'reprise diff paper/manifest.json @last --json'],
  doctor: ['reprise doctor', 'reprise doctor paper/manifest.json', 'reprise doctor --json | jq .fingerprint'],
}
