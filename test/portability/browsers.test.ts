/**
 * One root in browsers too (law 1): the same capsules, executed by workers of a real Chromium, which has V8 but a Math
 * of its own, and of a real Firefox, which has nothing of V8 at all. `npm test` executes the cloud whole and a sample of
 * the epidemic, REPRISE_SLOW=1 more of it.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import type { Made } from '../conformance/workshop.ts'
import { browserRunner, findBrowser } from './browser.ts'
import { makeExample } from './example.ts'
import { assertSame, every, type Leaves, leavesOn, rootOver } from './leaves.ts'

const SLOW = process.env.REPRISE_SLOW === '1'
const BROWSERS = [
  { name: 'chromium', says: /HeadlessChrome\/\d+/ },
  { name: 'firefox-esr', says: /Firefox\/\d+/ },
]
const EXAMPLES = [
  { name: 'cloud.ts', step: 1 },
  { name: 'epidemic.ts', step: SLOW ? 7 : 27 },
]

const launcher = localLauncher()
after(() => launcher.close())

/** All is made before the first test: when tests end while others are still to come, what closes the suite comes too early. */
const examples: { name: string; made: Made; expected: Leaves }[] = []
for (const { name, step } of EXAMPLES) {
  const made = await makeExample(name, launcher)
  const expected = await leavesOn(pool(launcher, { engines: 2 }), made, every(made, step))
  examples.push({ name, made, expected })
}

for (const { name, made, expected } of examples) {
  for (const browser of BROWSERS) {
    test(`${name} in ${browser.name}: the same bits as on ${process.version}`, async (t) => {
      const path = findBrowser(browser.name)
      if (path === null) {
        console.log(`SKIPPING what needs ${browser.name}: it is not on this machine`)
        return t.skip(`${browser.name} is not on this machine`)
      }
      const found = await leavesOn(browserRunner(browser.name, path), made, [...expected.of.keys()])
      assert.match(found.engines.join(), browser.says)
      assertSame(found, expected)
      const [version] = browser.says.exec(found.engines.join())!
      t.diagnostic(`${version}: root ${rootOver(found)} of ${found.of.size} chunks`)
    })
  }
}
