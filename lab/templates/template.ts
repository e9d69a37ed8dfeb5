/** What a template is made of, and the files that all of them have. */

/** Text by path, `/` between folders. */
export type Files = Readonly<Record<string, string>>

/** Reprise itself, as the project has it. */
export interface Tool {
  readonly version: string
  /** Where npm finds it, without asking a registry: `file:reprise-0.7.0.tgz`. */
  readonly from: string
}

export interface Named {
  /** Of the project and of its experiment. */
  readonly name: string
  readonly reprise: Tool
  /** The version that the project is to have, exactly, of a tool that Reprise itself uses. */
  versionOf(tool: string): string
}

/** A template: what it is in a line, and its files. */
export interface Template {
  readonly what: string
  files(named: Named): Files
}

/** package.json of a project with these scripts besides `start`. */
export function packageFile(
  { name, reprise }: Named,
  scripts: Readonly<Record<string, string>>,
  devDependencies: Readonly<Record<string, string>> = {},
): string {
  const content = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: { start: 'reprise run experiment.ts', ...scripts },
    dependencies: { reprise: reprise.from },
    ...(Object.keys(devDependencies).length === 0 ? {} : { devDependencies }),
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

/** .gitignore; `more`: lines of the template's own. */
export function ignoreFile(...more: readonly string[]): string {
  return `# The lab: ledger, results and code of all runs. It is large and keeps its own record, so it is not for git; back it
# up. What is for git, and for papers, are manifests and bundles: npx reprise export @last --bundle paper.zip
.reprise/
node_modules/
${more.map((line) => `${line}\n`).join('')}`
}

/** README.md: what is where, and the first commands; `needs` beside Node. */
export function readmeFile(
  { name, reprise }: Named,
  files: readonly (readonly [path: string, what: string])[],
  needs = '',
): string {
  return `# ${name}

A reproducible experiment, made with Reprise ${reprise.version}.

${files.map(([path, what]) => `- \`${path}\`: ${what}`).join('\n')}

Needed: Node.js 20.19 or later${needs}. First:

    npm install
    npm test

\`package.json\` takes Reprise from \`${reprise.from}\`, and not from a registry: keep it with the project. For another version:
\`npm install --save-exact FILE\`.

Commit before you run, so that the record can name the code by its commit:

    git add . && git commit -m "experiment: begin"
    npx reprise check experiment.ts    # a few chunks, under other circumstances: is every bit the same?
    npx reprise run experiment.ts
    npx reprise results @last --means

Again, from the record alone, and what to hand to others:

    npx reprise rerun @last
    npx reprise verify @last
    npx reprise export @last --bundle ${name}.zip
`
}
