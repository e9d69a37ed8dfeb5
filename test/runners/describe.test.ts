/** Asking a capsule what it holds: the answer, or what went wrong while it was loaded, in one line. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { describeCapsule } from '../../runners/describe.ts'
import { lastLine } from '../../runners/link.ts'
import { localLauncher } from '../../runners/local.ts'
import { DRAWS } from '../conformance/experiments.ts'
import { Workshop } from '../conformance/workshop.ts'
import { isRefusal } from '../lib/refusal.ts'

const workshop = new Workshop()
const launcher = localLauncher()
after(async () => {
  launcher.close()
  await workshop.close()
})

test('should tell document and hash, whatever the module prints while it is loaded', async () => {
  const quiet = await workshop.make(DRAWS)
  const loud = await workshop.make(`import fs from 'node:fs'
if (process.argv[2] !== undefined) {
  console.log('loading'); fs.writeSync(1, '\\x1eREPRISE {"type":"fat'); fs.writeSync(1, '\\x1eREPRISE nonsense\\n')
}
${DRAWS}`)
  const told = await describeCapsule(launcher, quiet.capsule)
  assert.equal(told.hash, quiet.hash)
  assert.equal(told.document.name, 'draws')
  assert.deepEqual([told.program, told.result, told.inputs], [null, null, {}])
  assert.deepEqual(await describeCapsule(launcher, loud.capsule), told)
})

test('should tell what the experiment threw', async () => {
  const cases: [string, RegExp][] = [
    [`import 'reprise:prelude'`, /could not be loaded/],
    [`throw new Error('not today')`, /could not be loaded, exit code 1: .*not today/],
    [`process.exit(3)`, /could not be loaded, exit code 3/],
    [`process.kill(process.pid, 'SIGKILL')`, /could not be loaded, killed by SIGKILL/],
    [`this is no program`, /could not be loaded, exit code 1: SyntaxError/],
  ]
  for (const [text, words] of cases) {
    const capsule = workshop.file('capsule.mjs', text)
    await assert.rejects(describeCapsule(launcher, capsule), isRefusal('capsule', { says: words }))
  }
})

test('should pick the line that says why', () => {
  const node = `file:///x.mjs:1\nthrow new Error('why')\n      ^\n\nError: why\n    at file:///x.mjs:1:7\n\nNode.js v20.20.2\n`
  assert.equal(lastLine(node), 'Error: why')
  assert.equal(lastLine('Traceback:\n  File "x"\nValueError: why\n'), 'ValueError: why')
  assert.equal(lastLine('one\ntwo\n'), 'two')
  assert.equal(lastLine(''), '')
})
