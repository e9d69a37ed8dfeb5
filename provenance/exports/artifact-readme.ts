/**
 * README.md of an artifact, in the order in which a committee reads it: what it claims, how to install, a check in seconds, a
 * sample in minutes, all of it; how long that takes and what it was measured on. Only plain commands, nothing to execute unread.
 */
import { type ArtifactFacts, type ArtifactRun, artifactTitle, README } from './artifact.ts'
import { claimRows } from './artifact-claims.ts'
import { environmentLines, timeLines } from './artifact-costs.ts'
import { markdownCode, markdownText } from './markdown.ts'

/** How many chunks a first look executes; with all of them identical, at most one in seven differs, at 95 %. */
export const SAMPLE = 20

/** The text; the same for the same facts. */
export function artifactReadme(facts: ArtifactFacts): string {
  const parts = [
    `# ${markdownText(artifactTitle(facts))}`,
    `This is the complete record of ${several(facts.runs.length, 'run')} of reproducible experiments, made by Reprise ${markdownText(facts.version)}. Each bundle holds
code, inputs, results and the record of how they came about; from it alone the results can be checked without executing anything,
and executed again and compared bit for bit, all of them or a sample.`,
    filesPart(facts),
    `## Claims\n\n${claimRows(facts).join('\n')}`,
    installPart(facts),
    checkPart(facts),
    `## Time, hardware, disk\n\n${[...timeLines(facts.runs, SAMPLE), '', ...environmentLines(facts.runs)].join('\n')}`,
    meaningPart(facts),
    licencePart(facts),
  ]
  return `${parts.join('\n\n')}\n`
}

function filesPart({ runs, tool, licenseFile }: ArtifactFacts): string {
  const rows: [string, string][] = [
    [README, 'this page'],
    ...runs.flatMap(({ key, manifest, means }): [string, string][] => [
      [
        `${key}.zip`,
        `bundle of run ${markdownCode(manifest.run.id)}: manifest, capsule (the code), inputs, results`,
      ],
      ...(means === null
        ? []
        : ([
            [`${key}.csv`, 'its means: a line a point, with count, mean and standard error of each number'],
          ] as [string, string][])),
    ]),
    ...(tool === null ? [] : ([[tool.path, 'Reprise itself, packed for npm']] as [string, string][])),
    ...(licenseFile === null ? [] : ([[licenseFile.path, 'licence of the project']] as [string, string][])),
    ['CITATION.cff, .zenodo.json, codemeta.json', 'how to cite it, for repositories and catalogues'],
    ['ro-crate-metadata.json', 'the same and the digest of every file (RO-Crate 1.1)'],
  ]
  return `## What is here\n\n| file | holds |\n| --- | --- |\n${rows.map(([file, holds]) => `| ${file} | ${holds} |`).join('\n')}`
}

function installPart({ tool, version }: ArtifactFacts): string {
  const how =
    tool === null
      ? `Install Reprise ${markdownText(version)} from a clone of its repository at that version (\`npm ci\` there, then \`npm install --global .\`).`
      : `In this folder:

    npm install --global ./${tool.path}

It installs Reprise ${markdownText(version)} as it made these results; its own packages, of fixed versions, come from the npm registry. Without the
right to install globally: \`npm install --prefix . ./${tool.path}\`, and write \`npx reprise\` below.`
  return `## Install

What is needed: Node.js 20.19 or later (https://nodejs.org/) with npm. ${how}

    reprise --version`
}

function checkPart({ runs }: ArtifactFacts): string {
  const whole = runs.filter(({ means }) => means !== null)
  return `## Check

**1. The record, in seconds.** Recomputes every hash of record, code and results; executes nothing.

${commands(runs, ({ key }) => [`reprise verify ${key}.zip`])}

**2. A sample.** Executes ${SAMPLE} chunks drawn at random and compares every bit. The code in a bundle is executed with your rights, so that you are
asked first; \`reprise show ${runs[0]!.key}.zip --capsule\` prints it.

${commands(runs, ({ key, manifest }) => [`reprise rerun ${key}.zip --sample ${Math.min(SAMPLE, manifest.results.chunks)}`])}

**3. All of it.** \`--engines N\` says how many processes at once; no bit of the results depends on that.

${commands(runs, ({ key }) => [`reprise rerun ${key}.zip`])}${
  whole.length === 0
    ? ''
    : `

After the rerun of a bundle its means are those of its table, byte for byte:

${commands(whole, ({ key }) => [`reprise results @last --means --format csv | cmp - ${key}.csv`])}`
}`
}

function commands(runs: readonly ArtifactRun[], of: (run: ArtifactRun) => readonly string[]): string {
  return runs
    .flatMap(of)
    .map((line) => `    ${line}`)
    .join('\n')
}

function meaningPart({ runs }: ArtifactFacts): string {
  const touched = runs.filter(
    ({ manifest: { run } }) => (run.touched ?? []).length > 0 || run.math === 'native',
  )
  const notes = touched.map(
    ({ key, manifest: { run } }) =>
      `- ${key}: ${run.math === 'native' ? 'its code uses the platform’s own Math, which differs between machines' : 'its code touched the clock, the environment or the like'}; on other machines bits may differ, and \`reprise show ${key}.zip\` says where from.`,
  )
  return `## What a rerun shows

\`identical\`: this code gives these results, again, on your machine. \`divergent\`: the first chunk, job and value that differ are told. In
the words of the ACM, a rerun by others is a reproduction with the authors’ artifact; it is no replication by independent code.${
    notes.length === 0 ? '' : `\n\n${notes.join('\n')}`
  }`
}

function licencePart({ license, licenseFile }: ArtifactFacts): string {
  const whole =
    license === null
      ? 'No licence was given for the results: ask their authors before you reuse or share them.'
      : `The results are under ${markdownText(license)}.`
  const code = licenseFile === null ? '' : ` The licence of the project’s code is in ${licenseFile.path}.`
  return `## Licence\n\n${whole}${code}`
}

function several(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`
}
