/** Nodes that are at hand: asked for their version, one of each, never one that is too old or none at all. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { nodesAtHand } from '../../lab/at-hand.ts'
import { temporaryFolder } from './run.ts'

/** A program that answers --version as a Node would. */
function answering(path: string, words: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\necho '${words}'\n`)
  chmodSync(path, 0o755)
  return path
}

/** The same, kept in the cache with what is known of it, as a fetch leaves it. */
function kept(path: string, version: string, words = version): string {
  answering(path, words)
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  writeFileSync(join(dirname(path), 'runtime.json'), JSON.stringify({ version, sha256 }))
  return path
}

function machine(t: TestContext) {
  const folder = temporaryFolder(t)
  const cached = (version: string, platform = `${process.platform}-${process.arch}`) =>
    join(folder, 'cache', 'reprise', 'runtimes', `${version}-${platform}`, 'node')
  const env = {
    PATH: [join(folder, 'a'), join(folder, 'b'), 'not/absolute'].join(':'),
    XDG_CACHE_HOME: join(folder, 'cache'),
  }
  return { folder, cached, env }
}

test('should find those on PATH and in the cache, one of each version', async (t) => {
  const { folder, cached, env } = machine(t)
  const first = answering(join(folder, 'a', 'node'), 'v30.1.0')
  answering(join(folder, 'b', 'node'), 'v30.1.0')
  const third = kept(cached('v28.0.0'), 'v28.0.0')
  kept(cached('v29.0.0', 'plan9-vax'), 'v29.0.0')
  assert.deepEqual(await nodesAtHand([], env), [
    { path: first, version: 'v30.1.0' },
    { path: third, version: 'v28.0.0' },
  ])
  const given = answering(join(folder, 'given'), 'v28.0.0')
  assert.deepEqual(
    (await nodesAtHand([given], env))[0],
    { path: given, version: 'v28.0.0' },
    'what is given is first',
  )
})

test('should pass over those that are too old, this one, and what is no Node', async (t) => {
  const { folder, cached, env } = machine(t)
  answering(join(folder, 'a', 'node'), 'v18.20.4')
  answering(join(folder, 'b', 'node'), process.version)
  kept(cached('v22.0.0'), 'v22.0.0', 'hello')
  assert.deepEqual(await nodesAtHand([], env), [])
})

test('should execute nothing of the cache that is not as it was fetched', async (t) => {
  const { folder, cached, env } = machine(t)
  const marker = join(folder, 'executed')
  const changed = kept(cached('v28.0.0'), 'v28.0.0')
  appendFileSync(changed, `touch '${marker}'\n`)
  const unknown = answering(cached('v28.1.0'), 'v28.1.0')
  appendFileSync(unknown, `touch '${marker}'\n`)
  const good = kept(cached('v28.2.0'), 'v28.2.0')
  assert.deepEqual(await nodesAtHand([], env), [{ path: good, version: 'v28.2.0' }])
  assert.equal(existsSync(marker), false)
})

test('should find nothing in a cache that is no folder', async (t) => {
  const { folder, env } = machine(t)
  mkdirSync(join(folder, 'cache', 'reprise'), { recursive: true })
  writeFileSync(join(folder, 'cache', 'reprise', 'runtimes'), '')
  assert.deepEqual(await nodesAtHand([], env), [])
})

test('should refuse a given path that is none, or too old', async (t) => {
  const { folder, env } = machine(t)
  const old = answering(join(folder, 'old'), 'v20.18.0')
  await assert.rejects(nodesAtHand([old], env), { code: 'engine', message: /20\.19 or later.*v20\.18\.0/ })
  for (const path of [folder, answering(join(folder, 'odd'), 'v22')])
    await assert.rejects(nodesAtHand([path], env), { code: 'engine', subject: path })
  await assert.rejects(nodesAtHand([join(folder, 'nothing')], env), { code: 'not-found', subject: /nothing/ })
})
