/** Records as a user names them: what cannot be read is told in words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstBytes, readRecord } from '../../lab/record.ts'
import { RepriseError } from '../../lib/errors.ts'
import { temporaryFolder } from './run.ts'

test('should say in one error which file cannot be read', (t) => {
  const folder = temporaryFolder(t)
  for (const [path, code] of [
    [folder, 'EISDIR'],
    [`${folder}/gone`, 'ENOENT'],
  ] as const)
    for (const read of [() => readRecord(path, 1e9), () => firstBytes(path, 4)])
      assert.throws(read, (error) => {
        assert.ok(error instanceof RepriseError)
        assert.deepEqual([error.code, error.subject], ['not-found', path])
        assert.match(error.message, new RegExp(`cannot be read .${code}.`))
        return true
      })
})
