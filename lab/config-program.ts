/**
 * A configuration that is a program: `reprise.config.ts`, whose default export is what the JSON would say. It is the
 * project's own code like an experiment, and executed as one is: bundled, in a process of its own, only when a cluster
 * was asked for by name. What it prints goes to stderr; its answer comes over a pipe of its own.
 */
import { spawn } from 'node:child_process'
import { basename, dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { build } from 'esbuild'
import { RepriseError } from '../lib/errors.ts'
import { boundedText, endOf } from './bounded-program.ts'

const PATIENCE_MS = 30_000
const ANSWER_FD = 3
const LONGEST = 2 ** 20

/** What the file exports by default, as JSON has it. Throws `usage` where it cannot be had. */
export async function executeConfig(path: string): Promise<unknown> {
  const answer = await executed(await bundled(path), path)
  if (answer === '' || answer.length > LONGEST)
    throw unusable(path, 'its default export is no object that JSON can hold')
  return JSON.parse(answer)
}

async function bundled(path: string): Promise<Uint8Array> {
  const entry = `import config from ${JSON.stringify(`./${basename(path)}`)}
import { writeFileSync } from 'node:fs'
writeFileSync(${ANSWER_FD}, JSON.stringify(await config) ?? '')`
  try {
    const { outputFiles } = await build({
      stdin: { contents: entry, resolveDir: dirname(path), sourcefile: 'configuration', loader: 'js' },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      tsconfigRaw: {},
    })
    return outputFiles[0]!.contents
  } catch (error) {
    const [first] = (error as { errors?: { text: string; location: { line: number } | null }[] }).errors ?? []
    if (first === undefined) throw error
    throw unusable(path, `${first.location === null ? '' : `line ${first.location.line}: `}${first.text}`)
  }
}

/** What it leaves behind may hold its pipes open: it is over when it ended or its time is up, and so is what it started. */
async function executed(code: Uint8Array, path: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-'], {
    cwd: dirname(path),
    stdio: ['pipe', 2, 'pipe', 'pipe'],
    detached: true, // a group of its own, to be ended as a whole
  })
  const answer = boundedText(child.stdio[ANSWER_FD] as Readable, LONGEST)
  const printed = boundedText(child.stderr!, LONGEST)
  child.stdin!.on('error', () => {}) // one that ended at once is told by how it ended
  child.stdin!.end(code)
  const how = await endOf(child, PATIENCE_MS)
  // What it wrote before it ended is in the pipes; whoever still holds them is not waited for.
  const texts = await Promise.all([answer, printed].map((each) => each.end()))
  if (how === null) return texts[0]!
  const said = texts[1]!.split('\n').find((line) => /^\w*Error\b/.test(line))
  throw unusable(
    path,
    `it could not be executed, ${how}${said === undefined ? '' : `: ${said.slice(0, 300)}`}`,
  )
}

function unusable(path: string, what: string): RepriseError {
  return new RepriseError('usage', what, {
    subject: path,
    remedy: 'Its default export must be an object such as { clusters: { … } }',
  })
}
