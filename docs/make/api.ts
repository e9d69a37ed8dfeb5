/** What a program imports from `reprise` as a page: by TypeDoc, from the types and what is written beside them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, Logger, LogLevel, type TypeDocOptions } from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'
import { headOf } from './markdown.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Types that nobody needs to name: how others are derived, and what a person reads in `reprise status`. */
const INNER = ['Widen', 'ValueOf', 'Program', 'Work', 'Holder', 'Replicated', 'FarRun']

/** Warnings are errors: a name that is not documented, or a type that is used and not exported. */
class Strict extends Logger {
  readonly said: string[] = []

  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.said.push(message)
  }
}

/** The page. Throws with all that TypeDoc warns of. */
export async function apiPage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-api-'))
  try {
    return await made(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function made(folder: string): Promise<string> {
  const options: TypeDocOptions & PluginOptions = {
    plugin: ['typedoc-plugin-markdown'],
    outputs: [{ name: 'markdown', path: folder }],
    entryPoints: [join(ROOT, 'lab/index.ts')],
    tsconfig: join(ROOT, 'docs/make/api.tsconfig.json'),
    skipErrorChecking: true, // the build checks them
    disableSources: true,
    disableGit: true,
    readme: 'none',
    excludeInternal: true,
    gitRevision: '',
    validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: true },
    intentionallyNotExported: INNER,
    requiredToBeDocumented: ['Function', 'Class', 'Interface', 'TypeAlias', 'Variable'],
    outputFileStrategy: 'modules',
    excludeExternals: true,
    parametersFormat: 'table',
    typeDeclarationFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    useCodeBlocks: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    hidePageTitle: true,
  }
  const app = await Application.bootstrapWithPlugins(options)
  const logger = new Strict()
  app.logger = logger
  const project = await app.convert()
  if (project === undefined) throw new Error(`TypeDoc read nothing: ${logger.said.join('\n')}`)
  app.validate(project)
  if (logger.said.length === 0) await app.generateOutputs(project)
  if (logger.said.length > 0) throw new Error(`TypeDoc warns:\n${logger.said.join('\n')}`)
  const head = headOf(
    'API',
    'lab/index.ts',
    `What \`import { … } from 'reprise'\` gives. Describing an experiment: [experiment](#experiment-1), [map](#map-1),
[command](#command), [range](#range), [zip](#zip), [points](#points). Running one from a program: [open](#open), then a
[Lab](#lab) and its [Runs](#run).`,
  )
  const page = readFileSync(join(folder, 'README.md'), 'utf8')
  return `${head}\n${settled(page).trim()}\n`
}

/**
 * The page as it can be kept: texts of which one is meant in one order, where TypeScript gives them in that in which it
 * came upon them; and no headings that name no name, for one of ours could be called the same (`Parameters`).
 */
function settled(page: string): string {
  return page
    .replace(/`"[^`]*"`(?: \\\| `"[^`]*"`)+/g, (words) => words.split(' \\| ').sort().join(' \\| '))
    .replace(
      /^#{4,6} (Parameters|Type Parameters|Properties|Methods|Returns|Extends|Extended by|Inherited from|Overrides|Call Signature|Get Signature|Accessors|Constructors)$/gm,
      '**$1**',
    )
}
