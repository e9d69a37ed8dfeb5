/** What the package gives to those who write experiments: exactly this. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as reprise from '../../lib/index.ts'

test('should give these names and no others', () => {
  const names = ['ERROR_CODES', 'RepriseError', 'command', 'experiment', 'map', 'points', 'range', 'zip']
  assert.deepEqual(Object.keys(reprise).sort(), names)
})
