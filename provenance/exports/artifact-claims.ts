/** Claims of an artifact as rows: the sentence, where in the results it stands, and the commands that check it. */
import type { ArtifactClaim, ArtifactFacts, ArtifactRun } from './artifact.ts'
import { markdownCode, markdownText } from './markdown.ts'

/** A table of the claims; where their author named none, one a run: that its means come from its root. */
export function claimRows({ claims, runs }: ArtifactFacts): string[] {
  const rows =
    claims.length === 0
      ? runs.map((run) => [
          defaultClaim(run),
          `root ${markdownCode(run.manifest.results.root)}`,
          checksOf(run.key, run),
        ])
      : claims.map((claim) => [
          markdownText(claim.claim),
          placeWords(claim),
          checksOf(claim.key, runs.find(({ key }) => key === claim.key)!),
        ])
  return [
    '| | claim | in the results | check |',
    '| --- | --- | --- | --- |',
    ...rows.map((row, i) => `| ${i + 1} | ${row.join(' | ')} |`),
  ]
}

function defaultClaim({ key, means, manifest }: ArtifactRun): string {
  const what = means === null ? `The results in ${key}.zip` : `The means in ${key}.csv`
  return `${what} come from the ${manifest.results.chunks} chunks under this result root, executed by the code in ${key}.zip.`
}

function placeWords({ key, place }: ArtifactClaim): string {
  if (place === null) return `${key}.csv`
  const { point, field, mean, standardError, count, chunks, value } = place
  const at = Object.entries(point)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ')
  const error = standardError === null ? '' : ` ± ${rounded(standardError)}`
  const paper = value === null ? '' : `; the paper has ${markdownCode(value)}`
  const which = chunks[0] === chunks[1] ? `chunk ${chunks[0]}` : `chunks ${chunks[0]} to ${chunks[1]}`
  return `${key}.csv, ${at === '' ? '' : `line ${markdownCode(at)}, `}column ${markdownCode(`${field}.mean`)}: ${rounded(mean)}${error} (n = ${count})${paper}; from ${which}`
}

function checksOf(key: string, { manifest }: ArtifactRun): string {
  const all = `\`reprise verify ${key}.zip\`, \`reprise rerun ${key}.zip\``
  return manifest.results.chunks > 20 ? `${all}, or with \`--sample 20\`` : all
}

/** Six digits are enough to find it in the table. */
function rounded(x: number): string {
  return String(Number(x.toPrecision(6)))
}
