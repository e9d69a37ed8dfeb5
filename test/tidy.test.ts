/** The shape of the sources: which folder may know which, what lib/ must not touch, and how files look. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Whom a folder may import. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  provenance: ['lib'],
  runners: ['lib'],
  lab: ['provenance', 'runners', 'lib'],
  cli: ['web', 'lab', 'provenance', 'runners', 'lib'],
  web: ['build', 'lab', 'provenance', 'runners', 'lib'],
  build: ['provenance'],
}
const MOST_LINES = 250

interface Source {
  readonly path: string
  readonly folder: string
  readonly text: string
  readonly tree: ts.SourceFile
}

function sourcesOf(folder: string): Source[] {
  if (!existsSync(ROOT + folder)) return []
  return readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?ts$/.test(name) && !name.includes('node_modules'))
    .sort()
    .map((name) => {
      const path = `${folder}/${name}`
      const text = readFileSync(ROOT + path, 'utf8')
      return { path, folder, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) }
    })
}

const layers = Object.keys(MAY).flatMap(sourcesOf)
const everything = [...layers, ...['examples', 'bench', 'test'].flatMap(sourcesOf)]

/** Every node of a source, depth first. */
function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  const children: ts.Node[] = []
  node.forEachChild((child) => {
    children.push(child)
  })
  for (const child of children) yield* nodesOf(child)
}

const importsOf = ({ text }: Source) =>
  ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName)

/** Imports that are there at run time: the module's name, and the names taken from it. */
function valueImportsOf(source: Source): { from: string; names: string[] }[] {
  return source.tree.statements.flatMap((node) => {
    if (!ts.isImportDeclaration(node)) return []
    if (node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return []
    const bindings = node.importClause?.namedBindings
    const names =
      bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : []
    return [{ from: (node.moduleSpecifier as ts.StringLiteral).text, names }]
  })
}

/** Names used as variables: not those of members, keys or declarations of members. */
function variablesOf(source: Source): string[] {
  const names: string[] = []
  for (const node of nodesOf(source.tree)) {
    if (!ts.isIdentifier(node)) continue
    const { parent } = node
    const member = ts.isPropertyAccessExpression(parent) && parent.name === node
    if (!member && !('name' in parent && parent.name === node)) names.push(node.text)
  }
  return names
}

function none(found: readonly string[]): void {
  assert.deepEqual(found, [])
}

test('should find the sources', () => {
  assert.ok(layers.length > 15 && everything.length > layers.length)
})

test('should let imports point one way: cli → web → lab → provenance, runners → lib', () => {
  none(
    layers.flatMap((source) =>
      importsOf(source)
        .filter((name) => name.startsWith('.'))
        .map((name) => posix.join(posix.dirname(source.path), name).split('/')[0]!)
        .filter((target) => target !== source.folder && !MAY[source.folder]!.includes(target))
        .map((target) => `${source.path} imports ${target}/`),
    ),
  )
})

test('should import files of this repository by their whole name', () => {
  none(
    everything.flatMap((source) =>
      importsOf(source)
        .filter(
          (name) =>
            name.startsWith('.') && !name.startsWith('../reprise') && !/\.(m?ts|mjs|json)$/.test(name),
        )
        .map((name) => `${source.path} imports ${name}`),
    ),
  )
})

test('should keep lib/ free of Node, clocks, chance and surroundings', () => {
  const forbidden = ['process', 'Date', 'performance', 'Buffer', 'require', 'global', 'globalThis', 'self', 'window', 'fetch', 'crypto',
    'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Intl', 'console', 'navigator', 'Temporal'] // biome-ignore format: a list of words
  const problems: string[] = []
  for (const source of layers.filter(({ folder }) => folder === 'lib')) {
    for (const name of importsOf(source)) {
      if (name.startsWith('.')) continue
      if (!/^(@noble\/(curves|hashes)|json-canonicalize|seedrandom)(\/|$)/.test(name))
        problems.push(`${source.path} imports ${name}`)
    }
    for (const name of variablesOf(source)) {
      if (forbidden.includes(name)) problems.push(`${source.path} uses ${name}`)
    }
    for (const node of nodesOf(source.tree)) {
      if (!ts.isPropertyAccessExpression(node)) continue
      const member = node.name.text
      if (member === 'random' && node.expression.getText() === 'Math')
        problems.push(`${source.path} uses Math.random`)
      if (/^toLocale|^localeCompare$/.test(member)) problems.push(`${source.path} uses ${member}`)
    }
  }
  none(problems)
})

test('should let an engine use nothing that its own guards stand in front of', () => {
  const engineSide = [
    'answer',
    'chance',
    'engine',
    'guard',
    'guard-install',
    'loaded',
    'prelude',
    'program',
    'stack',
    'wire',
  ]
  const guarded = ['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'Intl']
  const modules = /^node:(fs|fs\/promises|os|child_process|worker_threads|timers|net|http|dns)$/
  none(
    layers
      .filter(({ path }) => engineSide.some((name) => path === `runners/${name}.ts`))
      .flatMap((source) => {
        const imports = valueImportsOf(source)
        const own = imports.filter(({ from }) => from === './unguarded.ts').flatMap(({ names }) => names)
        return [
          ...imports
            .filter(({ from }) => modules.test(from))
            .map(({ from }) => `${source.path} imports ${from}`),
          ...variablesOf(source)
            .filter((name) => guarded.includes(name) && !own.includes(name))
            .map((name) => `${source.path} uses ${name}`),
        ]
      }),
  )
})

test(`should keep every file within ${MOST_LINES} lines`, () => {
  none(
    layers
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > MOST_LINES)
      .map(({ path, lines }) => `${path} has ${lines}`),
  )
})

test('should begin every file with a header that says what it is for', () => {
  none(everything.filter(({ text }) => !/^(#!.*\n)?\/\*\*[\s*]*[^\s*/]/.test(text)).map(({ path }) => path))
})

test('should leave no work undone and no type unknown', () => {
  const undone = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`)
  none(
    everything.flatMap((source) => {
      const problems: string[] = []
      if (undone.test(source.text)) problems.push(`${source.path} says ${undone.exec(source.text)?.[0]}`)
      if (source.text.includes(`@ts-${'ignore'}`)) problems.push(`${source.path} silences the compiler`)
      for (const node of source.folder === 'test' ? [] : nodesOf(source.tree)) {
        if (node.kind !== ts.SyntaxKind.AnyKeyword) continue
        const { line } = source.tree.getLineAndCharacterOfPosition(node.getStart())
        problems.push(`${source.path}:${line + 1} says any`)
      }
      return problems
    }),
  )
})

test('should mirror every file of lib/ with a test', () => {
  const tested = new Set(sourcesOf('test').map(({ path }) => path))
  none(
    layers
      .filter(({ path }) => path.startsWith('lib/') && !path.endsWith('.d.ts'))
      .map(({ path }) => `test/${path.replace(/\.ts$/, '.test.ts')}`)
      .filter((path) => !tested.has(path)),
  )
})
