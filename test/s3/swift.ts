/**
 * OpenStack Swift with its S3 interface, from Debian, as an S3 service for tests: another make than s3rver, with object servers of its
 * own, which honours `If-None-Match: *` (but does not decide between two that come in the same moment), checks signatures,
 * MD5 and SHA-256, and does multipart by segments.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { ROOT } from '../../lab/installed.ts'
import { openBucket } from '../../runners/s3/bucket.ts'
import type { S3Place } from '../../runners/s3/place.ts'

const PYTHON = '/usr/bin/python3'
const BUCKET = 'lab'

export const hasSwift = spawnSync(PYTHON, ['-c', 'import swift, eventlet']).status === 0 && keepsAttributes()

export const SWIFT_ENV = {
  AWS_ACCESS_KEY_ID: 'test:tester',
  AWS_SECRET_ACCESS_KEY: 'testing',
  AWS_REGION: 'us-east-1',
} as const

/** Starts it, and has it stopped after the suite. `SWIFT_ENV` must be set in this process. */
export async function startSwift(t: { after(end: () => unknown): void }): Promise<S3Place> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-swift-'))
  const child = spawn(PYTHON, [join(ROOT, 'test/s3/openstack.py'), folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  t.after(async () => {
    child.stdin.end()
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  let wrong = ''
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    wrong += piece
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (piece: Buffer) => resolve(Number(piece.toString())))
    ended.then(() => reject(new Error(`Swift does not start: ${wrong.slice(-2_000)}`)))
  })
  const place = { bucket: BUCKET, endpoint: `http://127.0.0.1:${port}` }
  const { client, close } = openBucket(place)
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  close()
  return place
}

/** Whether files below the temporary folder may have attributes of the user's. */
function keepsAttributes(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-attributes-'))
  const set = `import os, sys; os.setxattr(sys.argv[1], 'user.reprise', b'1')`
  const { status } = spawnSync(PYTHON, ['-c', set, folder])
  rmSync(folder, { recursive: true, force: true })
  return status === 0
}
