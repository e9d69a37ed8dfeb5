/** The region that tasks are told is the one that this machine's settings have: they know nothing of those. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import type { S3Place } from '../../../runners/s3/place.ts'
import { s3Store } from '../../../runners/s3/s3-store.ts'
import { Workshop } from '../../conformance/workshop.ts'

const workshop = new Workshop()
after(() => workshop.close())

/** With nothing but these variables of AWS set. */
async function regionOf(place: S3Place, env: Readonly<Record<string, string>>): Promise<string> {
  const before = { ...process.env }
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  const none = { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' }
  Object.assign(process.env, none, env)
  const store = s3Store(place)
  try {
    return await store.region()
  } finally {
    store.close()
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
    Object.assign(process.env, before)
  }
}

test('should be that of the place, of the environment, or of the profile that is named', async () => {
  const config = workshop.path('config')
  writeFileSync(config, '[default]\nregion = eu-west-3\n[profile lab]\nregion = ap-south-1\n')
  const files = { AWS_CONFIG_FILE: config }
  assert.equal(
    await regionOf({ bucket: 'b', region: 'eu-north-1' }, { AWS_REGION: 'us-west-2' }),
    'eu-north-1',
  )
  assert.equal(await regionOf({ bucket: 'b' }, { AWS_REGION: 'us-west-2' }), 'us-west-2')
  assert.equal(await regionOf({ bucket: 'b' }, files), 'eu-west-3')
  assert.equal(await regionOf({ bucket: 'b', profile: 'lab' }, files), 'ap-south-1')
  const minio = { bucket: 'b', endpoint: 'http://127.0.0.1:9000' }
  assert.equal(await regionOf(minio, {}), 'us-east-1', 'any will do where nobody said one')
  assert.equal(await regionOf(minio, { AWS_DEFAULT_REGION: 'garage' }), 'garage')
  await assert.rejects(regionOf({ bucket: 'b' }, {}), /[Rr]egion is missing/)
})
