/**
 * Tasks in containers, as the processes that a cloud starts, over a store that is not ours: they deliver the bytes of a run at home,
 * keep what they know from their engines, and write nowhere but into their folder for temporary files.
 */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { NO_ATTACHMENTS } from '../../../provenance/capsule.ts'
import { IN_VAIN } from '../../../runners/cloud/container.ts'
import { DRAWS, each } from '../../conformance/experiments.ts'
import { digestOf, expectedLeaves, Workshop } from '../../conformance/workshop.ts'
import { inShares, SLOW_DOWN } from '../../s3/faults.ts'
import { eventually } from '../detached/site.ts'
import { Containers } from './containers.ts'

const workshop = new Workshop()
after(() => workshop.close())

/** With permissions, Node does nothing for the disk's sake: that alone is left out. */
const UNHURRIED = `const fs = require('node:fs')
Object.assign(fs, { fsyncSync() {}, fsync: (_, done) => done(null) })
require('node:module').syncBuiltinESMExports()
`

/** No file may be written elsewhere: the task's own Node sees to that. Engines are processes of their own. */
const guarded = (folder: string) => [
  ...['--no-warnings', '--experimental-permission', '--allow-child-process'],
  ...['--require', workshop.file('unhurried.cjs', UNHURRIED)],
  ...['--allow-fs-read=*', `--allow-fs-write=${folder}/*`],
]

test('should deliver the bytes of a run at home, though its store is often busy', async (t) => {
  const made = await workshop.make(DRAWS)
  const containers = await Containers.start(t, workshop)
  await containers.order(made, { tasks: [[[0, 9]], [[10, made.chunks - 1]]] })
  containers.s3.faults.choose = inShares(
    [
      [SLOW_DOWN, 0.15],
      ['drop-before', 0.05],
      ['drop-after', 0.05],
    ],
    7,
  )
  const first = { JOB_COMPLETION_INDEX: '0', REPRISE_NODE: 'node-7', REPRISE_JOB: 'pod-a' }
  const second = { AWS_BATCH_JOB_ARRAY_INDEX: '1', AWS_BATCH_JOB_ID: 'j:1', AWS_BATCH_JOB_ATTEMPT: '3' }
  for (const { ended, folder } of [containers.begin(first), containers.begin(second)]) {
    const { code, words } = await ended
    assert.equal(code, 0, words)
    assert.match(words, /array 1, task \d: \d+ chunks, 0 of them there, 2 engines\n.* completed; \d+ chunks/)
    assert.deepEqual(readdirSync(folder), [], 'all is removed')
  }
  containers.s3.faults.choose = () => null
  const leaves = await expectedLeaves(made)
  assert.deepEqual(await containers.chunks(), [...leaves.entries()])
  const ends = (await containers.told()).flatMap((told) => (told.type === 'task-ended' ? [told.task] : []))
  assert.deepEqual(ends.map(({ job, node, restarts, state }) => [job, node, restarts, state]).sort(), [
    ['j:1', '', 2, 'completed'],
    ['pod-a', 'node-7', 0, 'completed'],
  ])
})

const LOOKS = `import { command } from 'reprise'
export default command({ name: 'looks', parameters: { a: [1, 2] }, program: 'sh', arguments: ['look.sh', '{a}'],
  files: ['look.sh'], inputs: { words: 'words.txt' } })
`
const SCRIPT = `printf '{"a":%s,"words":"%s","names":"%s"}' "$1" "$(cat words)" "$(env | cut -d= -f1 | sort | tr '\\n' ' ')"\n`

test('should give engines what they are to have, and nothing that the task knows', async (t) => {
  const input = workshop.file('words.txt', 'an input')
  const sha256 = digestOf('an input')
  const made = await workshop.make(LOOKS, {
    ...NO_ATTACHMENTS,
    files: { 'look.sh': Buffer.from(SCRIPT).toString('base64') },
    inputs: { words: sha256 },
  })
  const containers = await Containers.start(t, workshop, { OUR_SETTING: 'yes' })
  await containers.order(made, {}, { [sha256]: input })
  const { folder, ended } = containers.begin({ AWS_SESSION_TOKEN: '', ELSEWHERE: 'of the image' })
  const { code, words } = await ended
  assert.equal(code, 0, words)
  assert.deepEqual(readdirSync(folder), [])
  const results = (await containers.told()).flatMap((told) =>
    told.type === 'chunk' ? JSON.parse(Buffer.from(told.done.bytes).toString('utf8')).jobs : [],
  )
  assert.equal(results.length, 2)
  for (const { result } of results) {
    assert.equal(result.words, 'an input')
    const names = result.names.trim().split(' ')
    assert.ok(names.includes('OUR_SETTING') && names.includes('PATH'), result.names)
    assert.deepEqual(
      names.filter((name: string) => /^(AWS|REPRISE)_|^(ELSEWHERE|NODE_OPTIONS)$/.test(name)),
      [],
    )
  }
})

test('should write nowhere but into the folder for temporary files', async (t) => {
  const made = await workshop.make(each(4, 'return random()'))
  const containers = await Containers.start(t, workshop)
  await containers.order(made)
  const { ended, folder } = containers.begin({}, guarded)
  const { code, words } = await ended
  assert.deepEqual([code, (await containers.chunks()).length], [0, 4], words)
  assert.deepEqual(readdirSync(folder), [])
})

test('should end softly when it is told to, with what it has put, and go on from there', async (t) => {
  const made = await workshop.make(each(6, 'await new Promise((go) => setTimeout(go, 150)); return random()'))
  const containers = await Containers.start(t, workshop)
  await containers.order(made, { engines: 1 })
  const one = containers.begin()
  await eventually('an engine works', () => /6 chunks, 0 of them/.test(one.said()))
  await sleep(900)
  one.child.kill('SIGTERM')
  const { code, words } = await one.ended
  assert.equal(code, 128 + 15, words)
  assert.match(words, /stopped: it was sent SIGTERM; \d chunks delivered/)
  const before = (await containers.chunks()).length
  const two = await containers.begin().ended
  assert.equal(two.code, 0, two.words)
  assert.match(two.words, new RegExp(`6 chunks, ${before} of them there`))
  assert.deepEqual(new Map(await containers.chunks()), new Map((await expectedLeaves(made)).entries()))
})

test('should say that it is in vain to start it again', async (t) => {
  const made = await workshop.make(each(2, 'return random()'))
  const containers = await Containers.start(t, workshop)
  const capsule = `content/${'0'.repeat(64)}`
  await containers.order(made, { capsule })
  const ends = async (env: Record<string, string>, line: RegExp, expected: number) => {
    const { ended, folder } = containers.begin(env)
    const { code, words } = await ended
    assert.match(words, line)
    assert.equal(code, expected, words)
    assert.deepEqual(readdirSync(folder), [])
  }
  await ends({}, /failed: content\/0{64}: is not in the store/, IN_VAIN)
  await containers.store.put(capsule, Buffer.from('another'))
  await ends({}, /failed: s3:.*0{64} at .*: its bytes are not those that were put there/, IN_VAIN)
  await ends({ JOB_COMPLETION_INDEX: '9' }, /order\.json: has no task 9/, IN_VAIN)
  await ends({ REPRISE_ARRAY: '2' }, /arrays\/2\/order\.json: is not in the store/, IN_VAIN)
  await ends({ REPRISE_ARRAY: 'x' }, /REPRISE_ARRAY: names no array/, IN_VAIN)
  await ends({ AWS_ACCESS_KEY_ID: 'nobody' }, /refuses what the task has as credentials: 403/, IN_VAIN)
})
