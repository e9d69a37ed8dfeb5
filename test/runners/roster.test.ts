/** A list of hosts is asked for again soon after something happened, also when that was while it was asked for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Roster } from '../../runners/cluster/roster.ts'

const HOUR_MS = 3_600_000

test('should ask again for what happened while it was asking, long before it is time', async () => {
  let asked = 0
  let done = () => {}
  const twice = new Promise<void>((resolve) => {
    done = resolve
  })
  const roster: Roster = new Roster(
    {
      everyMs: HOUR_MS,
      async ask() {
        if (++asked === 1) roster.soon()
        else done()
        return []
      },
    },
    { listed: () => {}, unlisted: assert.fail },
  )
  roster.begin()
  roster.soon()
  await twice
  assert.equal(asked, 2)
  await roster.close()
})
