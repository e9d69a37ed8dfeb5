/** Licences of packages, in the ways in which their package.json may state them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { licenseOf } from '../../provenance/packages.ts'

test('should read a licence in every form that was ever usual', () => {
  const cases: [object, string | null][] = [
    [{ license: 'MIT' }, 'MIT'],
    [{ license: ' (MIT  OR\nApache-2.0) ' }, '(MIT OR Apache-2.0)'],
    [{ license: { type: 'ISC', url: 'https://example.org' } }, 'ISC'],
    [{ licenses: [{ type: 'MIT' }, { type: 'GPL-2.0' }] }, '(MIT OR GPL-2.0)'],
    [{ licenses: ['BSD'] }, 'BSD'],
    [{ licenses: { type: 'MIT' } }, 'MIT'],
    [{ license: 'MIT', licenses: ['BSD'] }, 'MIT'],
    [{ license: null, licenses: ['BSD'] }, 'BSD'],
    [{}, null],
    [{ license: '' }, null],
    [{ license: 5 }, null],
    [{ license: {} }, null],
    [{ licenses: [null, 5, {}] }, null],
    [{ license: 'x'.repeat(201) }, null],
    [{ license: '\ud800' }, null],
  ]
  for (const [described, license] of cases)
    assert.equal(licenseOf(described), license, JSON.stringify(described))
})
