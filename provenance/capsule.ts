/**
 * The capsule: the user's module with all its dependencies and the engine, bundled by esbuild into one file named
 * by its SHA-256. The digest depends on the text of the modules alone: every module goes by a logical name (where
 * it lies relative to the experiment, or package@version), so neither the folder, nor the user, nor the clock, nor
 * where Reprise is installed gets in. tsconfig.json is deliberately not consulted. Unless the experiment asks for the
 * platform's, its Math is portable: see portable-math.ts.
 */
import { realpathSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname, extname, relative, resolve } from 'node:path'
import type { BuildFailure, Loader, Plugin } from 'esbuild'
import { sha256, toHex } from '../lib/digest.ts'
import { RepriseError } from '../lib/errors.ts'
import type { MathKind } from '../lib/experiment.ts'
import { type Mapping, mappedModule } from './mapped-module.ts'
import { fromMessage, isOurs } from './messages.ts'
import { type BundledPackage, PackageIndex } from './packages.ts'
import { portableMath, SETTLE_MATH } from './portable-math.ts'

export interface Capsule {
  readonly bytes: Uint8Array
  /** SHA-256, hex. */
  readonly digest: string
  /** Source map, JSON: no part of the capsule, but what finds a fault's place in the user's own files. */
  readonly map: string
  /** npm packages in it. */
  readonly packages: readonly BundledPackage[]
  /** The user's own files in it, sorted. */
  readonly files: readonly SourceFile[]
}

/** A file of the user, with the bytes that were read when it was bundled. */
export interface SourceFile {
  /** Absolute, where it really lies. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** What is attached to the experiment inside the capsule, once it is known. */
export interface CapsuleAttachments {
  /** Source of an ES module with the validator as its default export, or null. */
  readonly validator: string | null
  /** Contents in base64 by path. */
  readonly files: Readonly<Record<string, string>>
  /** SHA-256 (hex) by name. */
  readonly inputs: Readonly<Record<string, string>>
  /** Whose `Math` its code meets. */
  readonly math: MathKind
  /** Where the file exports a function that is mapped over these: the experiment is made around it. */
  readonly mapping?: Mapping | null
}

export const NO_ATTACHMENTS: CapsuleAttachments = { validator: null, files: {}, inputs: {}, math: 'portable' }

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.json': 'json',
  '.txt': 'text',
}

const LOWERED = { 'exponent-operator': false }

/** Packages whose only purpose is to load a native addon. */
const NATIVE = [
  'bindings',
  'node-gyp-build',
  'node-gyp-build-optional-packages',
  'prebuild-install',
  '@mapbox/node-pre-gyp',
]

const ENTRY = `import 'reprise:math'
import 'reprise:chance'
import 'reprise:prelude'
import * as module from 'reprise:experiment'
import attachments from 'reprise:attachments'
import { load } from 'reprise:loaded'
import { serve } from 'reprise:engine'
export const loaded = load(module, attachments)
serve(loaded)
`

/**
 * Bundles the file `named` (absolute) into a capsule. `installed` is where Reprise itself lies, with its compiled
 * files in `dist`. Links are followed first: esbuild names modules by where they really lie, and a link on the way
 * to the experiment must not get between it and its neighbours. Throws `capsule` with file, line and what to do.
 * Call `stopBuilding` after the last.
 */
export async function buildCapsule(
  named: string,
  installed: string,
  attachments: CapsuleAttachments,
): Promise<Capsule> {
  const { build } = await import('esbuild')
  const [file, root] = [realpathSync(named), realpathSync(installed)]
  const index = new PackageIndex(dirname(file), root)
  const portable = attachments.math === 'portable'
  try {
    const result = await build({
      entryPoints: ['reprise:entry'],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'es2022',
      charset: 'utf8',
      treeShaking: true,
      legalComments: 'inline',
      sourcemap: 'external',
      sourcesContent: false,
      outfile: 'capsule.mjs',
      logLevel: 'silent',
      tsconfigRaw: {},
      // Where the capsule happens to lie must not show in a result.
      define: {
        'process.env.NODE_ENV': '"production"',
        'import.meta.url': '"file:///capsule.mjs"',
        'import.meta.filename': '"/capsule.mjs"',
        'import.meta.dirname': '"/"',
      },
      // `a ** b` becomes a call of what `Math.pow` is when the banner has run.
      ...(portable ? { banner: { js: await portableMath(root) }, supported: LOWERED } : {}),
      plugins: [logicalNames(file, root, index, attachments)],
    })
    const doubled = result.warnings.find(
      (warning) => warning.id === 'duplicate-object-key' && isOurs(warning),
    )
    if (doubled !== undefined) throw fromMessage(doubled, 'Name each key once; the first would be lost')
    const [map, code] = result.outputFiles
    const bytes = code!.contents
    const digest = toHex(sha256(bytes))
    return { bytes, digest, map: map!.text, packages: index.packages(), files: index.userFiles() }
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? []
    throw first === undefined ? error : fromMessage(first, '')
  }
}

/** Ends esbuild's service process. A later build starts it again. */
export async function stopBuilding(): Promise<void> {
  const { stop } = await import('esbuild')
  await stop()
}

function logicalNames(
  file: string,
  root: string,
  index: PackageIndex,
  attachments: CapsuleAttachments,
): Plugin {
  const inner = Symbol('resolved by esbuild itself')
  const own = (name: string) => resolve(root, 'dist', name)
  const { mapping = null } = attachments
  const parts: Readonly<Record<string, string>> = {
    reprise: own('lib/index.js'),
    'reprise:chance': own('runners/chance.js'),
    'reprise:prelude': own('runners/prelude.js'),
    'reprise:loaded': own('runners/loaded.js'),
    'reprise:engine': own('runners/engine.js'),
    'reprise:mapped': own('runners/mapped.js'),
    'reprise:function': file,
    ...(mapping === null ? { 'reprise:experiment': file } : {}),
  }
  const texts: Readonly<Record<string, string>> = {
    'reprise:entry': ENTRY,
    'reprise:math': attachments.math === 'portable' ? SETTLE_MATH : '',
    'reprise:attachments': attachmentsModule(attachments),
    'reprise:validator': attachments.validator ?? 'export default null',
    ...(mapping === null ? {} : { 'reprise:experiment': mappedModule(mapping) }),
  }
  return {
    name: 'logical-names',
    setup(build) {
      const found = (path: string, sideEffects = true) => ({
        path: index.logicalName(path),
        namespace: 'capsule',
        pluginData: { path },
        sideEffects,
      })
      build.onResolve({ filter: /.*/ }, async (args) => {
        if (args.pluginData === inner) return undefined
        if (args.path in texts) return { path: args.path, namespace: 'text' }
        if (args.path in parts) return found(parts[args.path]!)
        if (isBuiltin(args.path))
          return { path: `node:${args.path.replace(/^node:/, '')}`, namespace: 'builtin' }
        if (NATIVE.includes(args.path)) throw nativeAddon(args.path, args.importer)
        const { kind, resolveDir, importer } = args
        const result = await build.resolve(args.path, { kind, resolveDir, importer, pluginData: inner })
        if (result.errors.length > 0) return { errors: result.errors.map((e) => ({ text: e.text })) }
        if (result.namespace !== 'file' || result.external) return result
        if (extname(result.path) === '.node') throw nativeAddon(basename(result.path), args.importer)
        return found(result.path, result.sideEffects)
      })
      build.onLoad({ filter: /.*/, namespace: 'text' }, ({ path }) => ({
        contents: texts[path]!,
        resolveDir: root,
        loader: 'js',
      }))
      build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
        contents: `module.exports = globalThis.process?.getBuiltinModule(${JSON.stringify(path)})`,
        loader: 'js',
      }))
      build.onLoad({ filter: /.*/, namespace: 'capsule' }, async ({ pluginData }) => {
        const { path } = pluginData as { path: string }
        const loader = LOADERS[extname(path)]
        if (loader === undefined) {
          throw new RepriseError(
            'capsule',
            `cannot be bundled: no way to load ${extname(path) || 'a file without ending'}`,
            {
              subject: relative(dirname(file), path),
              remedy: 'Declare data under inputs: { name: path } and read it with input(name)',
            },
          )
        }
        return { contents: await index.read(path), resolveDir: dirname(path), loader }
      })
    },
  }
}

function nativeAddon(name: string, importer: string): RepriseError {
  return new RepriseError('capsule', `${name} is a native addon, which cannot be part of a capsule`, {
    subject: importer.replace(/^experiment\//, ''),
    remedy: 'Use a package in plain JavaScript or WebAssembly, or start the program with command({ … })',
  })
}

function attachmentsModule({ files, inputs }: CapsuleAttachments): string {
  const sorted = (record: Readonly<Record<string, string>>) => {
    const entries = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
    return JSON.stringify(Object.fromEntries(entries), null, 2)
  }
  return `import validate from 'reprise:validator'
export default { validate, files: ${sorted(files)}, inputs: ${sorted(inputs)} }
`
}
