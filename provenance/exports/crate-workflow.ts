/** The capsule as a crate's workflow: its parameters, the file it was made of, and the software that it needs. */
import type { Json } from '../../lib/values.ts'
import type { CodeIdentity } from '../code.ts'
import type { Manifest } from '../manifest.ts'
import { type Entity, ref, refs } from './crate-entity.ts'
import { inputId } from './crate-files.ts'
import { factorsOf, plainValue } from './factors.ts'
import { codeStands, nodeVersions, plainVersion, repositoryUrl, revisionSwhid } from './facts.ts'
import { fileOf, type PayloadFile } from './payload.ts'

/** Values of a factor that are listed; of a longer one the manifest has them all. */
const MOST_VALUES = 1_000
const ECMASCRIPT = 'https://tc39.es/ecma262/'

/** The workflow with its parameters and their values; `tool` is what executes one chunk, where that is told. */
export function workflowEntities(
  manifest: Manifest,
  files: readonly PayloadFile[],
  tool: string | null,
): Entity[] {
  const { experiment, run, capsule } = manifest
  const { path, sha256, bytes } = fileOf(files, 'capsule')!
  const factors = factorsOf(experiment.document.design)
  const inputs = Object.keys(run.inputs).sort()
  const results = fileOf(files, 'results') === null ? [] : ['#output-results']
  return [
    {
      '@id': path,
      '@type': ['File', 'SoftwareSourceCode', 'ComputationalWorkflow', ...(tool === null ? [] : ['HowTo'])],
      name: `Capsule of ${experiment.document.name}`,
      description:
        'The code that was executed: one module that holds the experiment, its packages and the engine',
      version: capsule.sha256,
      encodingFormat: 'text/javascript',
      contentSize: String(bytes),
      sha256,
      programmingLanguage: ref(ECMASCRIPT),
      conformsTo: ref('https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE'),
      isBasedOn: ref('#experiment-file'),
      runtimePlatform: nodeVersions(run).map((node) => `Node.js ${node}`),
      softwareRequirements: refs([...nodeVersions(run).map(nodeId), ...run.packages.map(packageId)]),
      input: refs([
        ...inputs.map(inputId),
        ...factors.map(({ name }) => `#parameter-${encodeURIComponent(name)}`),
      ]),
      output: refs(['#output-manifest', ...results]),
      ...(tool === null ? {} : { hasPart: ref(tool), step: ref('#step') }),
    },
    {
      '@id': ECMASCRIPT,
      '@type': 'ComputerLanguage',
      name: 'ECMAScript',
      identifier: ref(ECMASCRIPT),
      url: ref(ECMASCRIPT),
    },
    ...experimentFile(manifest),
    ...inputs.map((name) => parameter(inputId(name), name, 'File', 'A declared input file')),
    parameter('#output-manifest', 'manifest', 'File', 'The record of the run'),
    ...results.map((id) => parameter(id, 'results', 'File', 'What the jobs returned')),
    ...factors.flatMap(({ name, values, types }) => factorEntities(name, values, types)),
  ]
}

function factorEntities(name: string, values: readonly Json[], types: readonly string[]): Entity[] {
  const id = encodeURIComponent(name)
  const listed = values.length <= MOST_VALUES
  return [
    parameter(`#parameter-${id}`, name, types.length === 1 ? types[0]! : types, 'A parameter of the design'),
    {
      '@id': `#factor-${id}`,
      '@type': 'PropertyValue',
      name,
      exampleOfWork: ref(`#parameter-${id}`),
      value: listed
        ? values.map(plainValue)
        : `${values.length} values: see experiment.document in manifest.json`,
    },
  ]
}

function parameter(id: string, name: string, type: string | readonly string[], description: string): Entity {
  return { '@id': id, '@type': 'FormalParameter', name, description, additionalType: type }
}

const LANGUAGES: Readonly<Record<string, { name: string; url: string }>> = {
  ts: { name: 'TypeScript', url: 'https://www.typescriptlang.org/' },
  mts: { name: 'TypeScript', url: 'https://www.typescriptlang.org/' },
}

/** The file that the user wrote; the crate has it only as a part of the capsule. */
function experimentFile({ run }: Manifest): Entity[] {
  const language = LANGUAGES[run.file.split('.').at(-1)!]
  const [repository, swhid] = [repositoryUrl(run), revisionSwhid(run)]
  const { code } = run
  return [
    {
      '@id': '#experiment-file',
      '@type': 'SoftwareSourceCode',
      name: run.file,
      description: sourceWords(code),
      programmingLanguage: ref(language?.url ?? ECMASCRIPT),
      ...(code.commit === null ? {} : { version: code.commit }),
      ...(repository === null ? {} : { codeRepository: repository }),
      ...(swhid === null ? {} : { identifier: swhid }),
    },
    ...(language === undefined
      ? []
      : [{ '@id': language.url, '@type': 'ComputerLanguage', name: language.name, url: ref(language.url) }]),
  ]
}

function sourceWords(code: CodeIdentity): string {
  if (code.commit === null) return `Not under version control: ${code.reason}`
  if (codeStands(code) === 'is') return 'As it is in its commit'
  return `Changed since its commit${code.patch == null ? '' : `; the patch has the SHA-256 ${code.patch.sha256}`}`
}

/** Reprise, the Nodes that executed chunks, and the packages in the capsule. */
export function softwareEntities({ run }: Manifest): Entity[] {
  return [
    {
      '@id': '#reprise',
      '@type': 'SoftwareApplication',
      name: 'Reprise',
      description: 'Hands out chunks to engines, stores and seals what they give',
      softwareVersion: run.reprise,
    },
    ...nodeVersions(run).map((node) => ({
      '@id': nodeId(node),
      '@type': 'SoftwareApplication',
      name: 'Node.js',
      url: ref('https://nodejs.org/'),
      softwareVersion: plainVersion(node),
    })),
    ...unique(
      run.packages.map((bundled) => ({
        '@id': packageId(bundled),
        '@type': 'SoftwareApplication',
        name: bundled.name,
        url: ref(packageId(bundled)),
        softwareVersion: bundled.version,
      })),
    ),
  ]
}

function nodeId(version: string): string {
  return /^v\d+\.\d+\.\d+$/.test(version)
    ? `https://nodejs.org/dist/${version}/`
    : `#node-${encodeURIComponent(version)}`
}

function packageId({ name, version }: { readonly name: string; readonly version: string }): string {
  const words = encodeURIComponent(name).replaceAll('%2F', '/').replaceAll('%40', '@')
  return `https://www.npmjs.com/package/${words}/v/${encodeURIComponent(version)}`
}

function unique(entities: readonly Entity[]): Entity[] {
  return [...new Map(entities.map((entity) => [entity['@id'], entity])).values()]
}
