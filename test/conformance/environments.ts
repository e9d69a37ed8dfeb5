/** What a runner tells of the engines that it uses: enough to judge bits by, and nothing about the user. */
import assert from 'node:assert/strict'
import { homedir, hostname } from 'node:os'
import { test } from 'node:test'
import { readEnvironment } from '../../lib/environment.ts'
import { DRAWS } from './experiments.ts'
import type { Suite } from './suite.ts'
import { assign } from './workshop.ts'

export function environmentCases({ workshop, execute }: Suite): void {
  test('should tell of each engine’s environment', async () => {
    const made = await workshop.make(DRAWS)
    const done = await execute(assign(made))
    assert.ok(done.engines.length > 0)
    for (const { environment, node } of done.engines) {
      assert.ok(environment !== null)
      assert.deepEqual(environment, readEnvironment(environment))
      assert.equal(environment.node, node)
      assert.match(environment.v8, /^\d+\.\d+/)
      assert.ok(environment.cores > 0 && environment.memory > 0)
      for (const secret of [hostname(), homedir()])
        assert.ok(!JSON.stringify(environment).includes(JSON.stringify(secret).slice(1, -1)), secret)
    }
    const told = new Set(done.engines.map(({ engine }) => engine))
    for (const { engine } of done.chunks) assert.ok(told.has(engine), 'told before its first chunk')
  })

  test('should execute again what was executed elsewhere, all of it, whoever is there', async () => {
    const made = await workshop.make(DRAWS)
    const first = await execute(assign(made))
    const again = await execute({ ...assign(made), executedIn: () => 'an environment that is not here' })
    assert.deepEqual(again.delivered, first.delivered)
    for (const chunk of first.delivered) assert.equal(again.leaf(chunk), first.leaf(chunk))
  })
}
