/** A bucket as an archive: what `export --to` puts there, anybody verifies from there, and what was changed there is found. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { sha256Of } from '../../lab/objects.ts'
import { MANIFEST_NAME } from '../../lab/unpack.ts'
import { s3Store } from '../../runners/s3/s3-store.ts'
import { endings } from '../conformance/endings.ts'
import { type S3Service, startS3 } from '../s3/server.ts'
import { mean, Project } from './project.ts'

const SOURCE = mean({ points: 1, repetitions: 2, chunk: 2, draws: 10 })
const READER = `import { experiment } from 'reprise'
export default experiment({
  name: 'reader', parameters: { row: [0, 1] }, repetitions: 4, chunk: 2, inputs: { data: 'rows.csv' },
  run: ({ point, input, random }) => ({ cell: input.text('data').split('\\n')[point.row], random: random() }),
})
`
const t = endings()

let s3: S3Service
let env: Readonly<Record<string, string>>
before(async () => {
  s3 = await startS3(t)
  env = { ...s3.env, AWS_ENDPOINT_URL: s3.endpoint, AWS_EC2_METADATA_DISABLED: 'true' }
  Object.assign(process.env, s3.env)
})

interface Exported {
  readonly run: string
  readonly root: string
  readonly written: readonly {
    readonly format: string
    readonly files: readonly { readonly path: string }[]
  }[]
}

/** Overwrites an object as somebody would who may write there, with what reading looks at. */
async function overwrite(key: string, text: string): Promise<void> {
  const client = new S3Client({
    endpoint: s3.endpoint,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  const Metadata = { sha256: sha256Of(Buffer.from(text)) }
  await client.send(new PutObjectCommand({ Bucket: s3.bucket, Key: key, Body: text, Metadata }))
  client.destroy()
}

async function remove(key: string): Promise<void> {
  const client = new S3Client({ endpoint: s3.endpoint, forcePathStyle: true })
  await client.send(new DeleteObjectCommand({ Bucket: s3.bucket, Key: key }))
  client.destroy()
}

test('should put a run into a bucket, from where a stranger verifies and compares it', async (t) => {
  const project = new Project(t, { 'x.ts': READER, 'rows.csv': 'a,1\nb,2\n' }, env)
  await project.json(0, 'run', 'x.ts')
  const { run, root, written } = (await project.json(
    0,
    'export',
    '@last',
    '--to',
    's3://lab/papers',
  )) as Exported
  const names = written[0]!.files.map(({ path }) => path)
  assert.equal(names.at(-1), MANIFEST_NAME, 'the manifest comes last')
  assert.ok(names.includes('chunks.jsonl') && names.some((name) => name.startsWith('inputs/')), String(names))
  await project.json(0, 'export', '@last', '--to', 's3://lab/papers') // the same once more changes nothing

  const stranger = new Project(t, {}, env)
  const found = (await stranger.json(0, 'verify', `s3://lab/papers/${run}`)) as {
    root: string
    checked: string[]
  }
  assert.equal(found.root, root)
  assert.deepEqual(found, await stranger.json(0, 'verify', `s3://lab/papers/${run}/manifest.json`))
  assert.ok(found.checked.length > 3, String(found.checked))
  const shown = await stranger.json(0, 'show', `s3://lab/papers/${run}`)
  assert.ok(JSON.stringify(shown).includes(root))
  const missed = await stranger.start(['verify', 's3://lab/papers']).finished
  assert.equal(missed.code, 1)
  assert.match(
    missed.stderr,
    new RegExp(`s3://lab/papers: there is no manifest.json. Name a run below it, such as ${run}`),
  )

  const at = `papers/${run}`
  const store = s3Store({ ...s3.place, prefix: at })
  const chunks = (await store.get('chunks.jsonl'))!.toString()
  const input = names.find((name) => name.startsWith('inputs/'))!
  await overwrite(
    `${at}/chunks.jsonl`,
    chunks.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)),
  )
  const changed = await stranger.start(['verify', `s3://${s3.bucket}/${at}`]).finished
  assert.equal(changed.code, 4, changed.stdout + changed.stderr)
  const again = await project.start(['export', '@last', '--to', 's3://lab/papers']).finished
  assert.equal(again.code, 1)
  assert.match(again.stderr, /chunks\.jsonl.*is there already, with other content/)
  await overwrite(`${at}/chunks.jsonl`, chunks)
  await overwrite(`${at}/${input}`, 'another')
  const other = await stranger.start(['verify', `s3://${s3.bucket}/${at}`]).finished
  assert.equal(other.code, 4)
  assert.match(other.stdout + other.stderr, /is not the file with this SHA-256/)
  await remove(`${at}/${input}`)
  await overwrite(`${at}/inputs/${'0'.repeat(64)}`, 'not named')
  const strange = await stranger.start(['verify', `s3://${s3.bucket}/${at}`]).finished
  assert.equal(strange.code, 4)
  assert.match(strange.stdout + strange.stderr, /which does not name it/)
  store.close()
})

test('should say in one line what is wrong, and write nothing', async (t) => {
  const project = new Project(t, { 'x.ts': SOURCE }, { ...env })
  await project.json(0, 'run', 'x.ts')
  for (const [words, code, line] of [
    [['export', '@last', '--to', 'somewhere'], 2, /is no place in a bucket. Write s3:\/\/BUCKET/],
    [['export', '@last', '--to', 's3://lab/../x'], 2, /is no place in a bucket/],
    [['verify', 's3://'], 2, /is no place in a bucket/],
    [['export', '@last', '--to', 's3://none/x'], 1, /s3:\/\/none.*there is no such bucket. Make it first/],
    [['verify', 's3://none/x'], 1, /there is no such bucket/],
  ] as const) {
    const { code: ended, stderr } = await project.start(words).finished
    assert.equal(ended, code, stderr)
    assert.match(stderr, line)
  }
})
