/** What is recorded of the environment: enough to judge bits by, nothing about the user. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { homedir, hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { environment, nearestLock } from '../../provenance/environment.ts'
import { Trees } from './tree.ts'

const trees = new Trees()
after(() => trees.remove())

test('should tell versions, machine and nothing else', () => {
  const told = environment()
  const keys = ['arch', 'cores', 'cpu', 'icu', 'kernel', 'memory', 'node', 'os', 'v8']
  assert.deepEqual(Object.keys(told).sort(), keys)
  assert.equal(told.node, process.version)
  for (const [key, value] of Object.entries(told)) {
    if (key === 'cores' || key === 'memory') assert.ok(Number.isSafeInteger(value) && Number(value) > 0)
    else assert.ok(typeof value === 'string' && value !== '', key)
  }
})

test('should tell neither user nor host nor home', () => {
  const { username } = userInfo()
  const text = JSON.stringify(environment())
  for (const secret of [homedir(), hostname(), username === 'root' ? '/root' : username])
    assert.equal(text.includes(secret), false, secret)
  const before = { ...process.env }
  process.env.SECRET_TOKEN = 'sesame'
  assert.equal(JSON.stringify(environment()).includes('sesame'), false)
  process.env = before
})

test('should find the nearest lock above the experiment', () => {
  const root = trees.plant({
    'package-lock.json': '{}',
    'a/pnpm-lock.yaml': 'x: 1',
    'a/b/main.ts': '',
    'c/main.ts': '',
  })
  const digest = (text: string) => createHash('sha256').update(text).digest('hex')
  assert.deepEqual(nearestLock(join(root, 'a/b/main.ts')), { file: 'pnpm-lock.yaml', sha256: digest('x: 1') })
  assert.deepEqual(nearestLock(join(root, 'c/main.ts')), { file: 'package-lock.json', sha256: digest('{}') })
})

test('should say when there is none', () => {
  const root = trees.plant({ 'main.ts': '' })
  const found = nearestLock(join(root, 'main.ts'))
  assert.ok(found === null || !found.file.includes('/'))
})
