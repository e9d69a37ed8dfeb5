/**
 * What a command loads before it does anything: those that only look load no bundler, no ssh and nothing that executes.
 * Every module that Node resolves is recorded by a hook, in a process of its own.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { mean, Project } from './project.ts'

const SOURCE = mean({ points: 1, repetitions: 4, chunk: 4, draws: 10 })

/** Writes the address of each module that is loaded, one a line, into the file LOADED. */
const HOOK = `import { appendFileSync } from 'node:fs'
export async function resolve(name, context, next) {
  const found = await next(name, context)
  appendFileSync(process.env.LOADED, found.url + '\\n')
  return found
}`
const asModule = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`
const REGISTER = `import { register } from 'node:module'; register(${JSON.stringify(asModule(HOOK))})`

interface Loaded {
  readonly packages: ReadonlySet<string>
  /** Of our own, from the folder of all: `lab/plan.js`. */
  readonly own: readonly string[]
}

async function loadedBy(project: Project, ...words: string[]): Promise<Loaded> {
  const file = join(project.folder, `loaded-${words[0]}`)
  const env = { LOADED: file, NODE_OPTIONS: `--import=${asModule(REGISTER)}` }
  const finished = await project.start(words, { env }).finished
  assert.equal(finished.code, 0, finished.stderr)
  assert.ok(existsSync(file), 'the hook was there')
  const urls = readFileSync(file, 'utf8').split('\n')
  const packages = urls.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
  const own = urls.flatMap((url) => /\/dist\/((?:cli|lab|runners|provenance|lib)\/.*)$/.exec(url)?.[1] ?? [])
  assert.ok(own.includes('cli/main.js') && packages.includes('commander'), 'what it loads is seen')
  return { packages: new Set(packages), own }
}

/** What only those need that execute, bundle or connect. */
const HEAVY = ['ssh2', 'esbuild', 'simple-git', 'lossless-json', 'cli-progress', '@aws-sdk/client-s3']
const FAR = /^runners\/(ssh|station|cluster)\/|^lab\/(api\/|plan\.js|execute\.js|open-head\.js|reach\.js)/

function assertLight({ packages, own }: Loaded, never: readonly string[]): void {
  assert.deepEqual(
    never.filter((name) => packages.has(name)),
    [],
  )
  assert.deepEqual(
    own.filter((path) => FAR.test(path)),
    [],
  )
}

async function oneRun(t: TestContext): Promise<Project> {
  const project = new Project(t, { 'x.ts': SOURCE })
  await project.json(0, 'run', 'x.ts')
  return project
}

test('should load nothing that executes, connects or checks records for status, results and ls', async (t) => {
  const project = await oneRun(t)
  for (const words of [['status', '@last'], ['results', '@last'], ['ls']]) {
    const loaded = await loadedBy(project, ...words)
    assertLight(loaded, [...HEAVY, 'ajv', '@noble/curves', '@peculiar/asn1-schema', 'yauzl'])
  }
})

test('should load nothing that executes or connects for verify and show', async (t) => {
  const project = await oneRun(t)
  for (const words of [
    ['verify', '@last'],
    ['show', '@last'],
  ])
    assertLight(await loadedBy(project, ...words), HEAVY)
})

test('should load nothing that connects for a run whose engines are here', async (t) => {
  const { packages, own } = await loadedBy(new Project(t, { 'x.ts': SOURCE }), 'run', 'x.ts')
  assert.ok(packages.has('esbuild'), 'it bundles')
  assert.ok(!packages.has('ssh2'), 'nobody is asked over ssh')
  assert.deepEqual(
    own.filter((path) => /^runners\/(ssh|station|cluster)\/|^lab\/(open-head|reach|clusters)\.js/.test(path)),
    [],
  )
})
