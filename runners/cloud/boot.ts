/**
 * The program of a task's container, small enough to be a word of its command: it has the task's program from the store, checks
 * that it is the one, and becomes it. Nothing but Node is needed there, and nothing is written but below the folder for
 * temporary files.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AwsV4Signer } from 'aws4fetch'
import { programKey } from '../array/layout.ts'
import type { S3Place } from '../s3/place.ts'
import { IN_VAIN, TASK_ENV } from './container.ts'
import { credentials } from './credentials.ts'
import { objectUrl } from './object-url.ts'
import { patiently, USUAL } from './patiently.ts'

/** It will not be otherwise when it is tried again. */
class Vain extends Error {}

/** Path of the program, in a fresh folder. Throws with a line for who reads what the container printed. */
async function programHere(env: NodeJS.ProcessEnv): Promise<string> {
  const place = JSON.parse(env[TASK_ENV.store]!) as S3Place
  const sha256 = env[TASK_ENV.program]!
  const region = place.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1'
  const found = await credentials(env, region)
  if (found === null)
    throw new Vain(
      'no credentials for the store: give the task a secret, or a role that may read and write it',
    )
  const url = objectUrl(place, programKey(sha256), region)
  const { status, bytes } = await patiently(async (signal) => {
    const { headers } = await new AwsV4Signer({ ...found, url: url.href, region, service: 's3' }).sign()
    return fetch(url, { headers, signal })
  }, USUAL)
  if (status !== 200) throw refused(status, bytes.toString('utf8'), place, url)
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new Vain(`the program at ${url.href} is not the one of its digest`)
  const path = join(mkdtempSync(join(tmpdir(), 'reprise-task-')), 'program.mjs')
  writeFileSync(path, bytes, { mode: 0o600 })
  return path
}

function refused(status: number, text: string, { bucket }: S3Place, url: URL): Error {
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? ''
  const said = `${status} ${code}`.trim()
  if (status === 404)
    return new Vain(
      code === 'NoSuchBucket'
        ? `the store has no bucket ${bucket}: ${said}`
        : `the program is not in the store, at ${url.href}: ${said}`,
    )
  if (status === 401 || status === 403)
    return new Vain(`the store refuses what the task has as credentials: ${said}, for ${url.href}`)
  return new Error(`the store does not answer as a store: ${said}, for ${url.href}`)
}

/** What broke a connection is behind what fetch says. */
function lineOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error
    ? `${message}: ${cause.message || (cause as NodeJS.ErrnoException).code}`
    : message
}

async function boot(): Promise<void> {
  await import(pathToFileURL(await programHere(process.env)).href)
}

boot().catch((error) => {
  console.error(`Error: ${lineOf(error)}`)
  process.exit(error instanceof Vain ? IN_VAIN : 1)
})
