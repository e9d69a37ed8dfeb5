/**
 * The shape of a manifest as a JSON Schema (FORMAT.md §9). Strict where verification looks; the run record may hold
 * more than this version knows, since its digest covers whatever it holds.
 */
import { MAX_LEAVES, MAX_TIMESTAMPS } from './manifest.ts'
import { MAX_IMAGES, MAX_JOBS, MAX_NODES } from './scheduled.ts'

const digest = { type: 'string', pattern: '^[0-9a-f]{64}$' }
const text = { type: 'string', maxLength: 10_000 }
const whole = { type: 'integer', minimum: 0 }
const exactly = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})
const atLeast = (properties: Readonly<Record<string, object>>) => ({
  ...exactly(properties),
  additionalProperties: true,
})
/** A record that may hold more: what later versions of it added. */
const withMore = (schema: ReturnType<typeof exactly>, more: Readonly<Record<string, object>>) => ({
  ...schema,
  properties: { ...schema.properties, ...more },
})
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] })
const listOf = (items: object) => ({ type: 'array', items })

const firstCommit = atLeast({
  commit: text,
  branch: orNull(text),
  dirty: { type: 'boolean' },
  changes: listOf(text),
})
const objectName = { type: 'string', pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$' }
const swhid = (kind: string) => ({ type: 'string', pattern: `^swh:1:${kind}:[0-9a-f]{40}$` })
const commit = withMore(firstCommit, {
  tree: objectName,
  remotes: listOf(atLeast({ name: text, url: text })),
  swhids: orNull(atLeast({ revision: swhid('rev'), directory: swhid('dir'), content: swhid('cnt') })),
  patch: orNull(atLeast({ sha256: digest, bytes: whole })),
  patchOmitted: atLeast({ reason: text, bytes: whole }),
  untracked: listOf(atLeast({ path: text, sha256: digest })),
})

const code = { anyOf: [commit, atLeast({ commit: { type: 'null' }, reason: text })] }

const machine = atLeast({
  node: text,
  v8: text,
  icu: text,
  os: text,
  kernel: text,
  arch: text,
  cpu: text,
  cores: whole,
  memory: whole,
})

const platform = { libc: text, cpuFlags: listOf(text) }

/** Of a session: what its process lives in besides. */
const environment = withMore(machine, {
  ...platform,
  container: withMore(atLeast({ kind: text }), { image: text, digest }),
  slurm: withMore(atLeast({ job: text }), {
    arrayJob: text,
    arrayTask: text,
    partition: text,
    cluster: text,
    nodeCount: text,
    nodes: text,
    tasks: text,
    cpusPerTask: text,
  }),
})

const texts = { type: 'object', propertyNames: text, additionalProperties: text }

const variables = withMore(atLeast({ recorded: texts, others: listOf(text) }), { unnamed: whole })

/** What is known of an engine's environment: at least its Node. */
const engineEnvironment = withMore(atLeast({ node: text }), {
  ...machine.properties,
  ...platform,
  flags: listOf(text),
  fingerprint: texts,
  binary: digest,
})

const range = { type: 'array', items: [whole, whole], minItems: 2, maxItems: 2 }

const executed = withMore(atLeast({ environment: orNull(engineEnvironment), chunks: whole }), {
  ranges: orNull(listOf(range)),
})

const replicated = atLeast({
  chunks: whole,
  identical: { const: true },
  elsewhere: whole,
  entropy: { type: 'string', maxLength: 10_000, pattern: '^([0-9a-f]{2})*$' },
})

/** Tasks of a scheduler's. */
const plainTasks = atLeast({
  kind: text,
  cluster: orNull(text),
  tasks: whole,
  states: { type: 'object', propertyNames: text, additionalProperties: whole },
  jobs: orNull({ ...listOf(text), maxItems: MAX_JOBS }),
  nodes: orNull({
    ...listOf(
      atLeast({ name: text, tasks: whole, engines: whole, chunks: whole, environments: listOf(whole) }),
    ),
    maxItems: MAX_NODES,
  }),
  started: orNull(text),
  ended: orNull(text),
  measured: atLeast({ scheduler: whole, task: whole }),
  cpuMs: orNull(whole),
  maxRssBytes: orNull(whole),
})

const scheduled = withMore(plainTasks, { images: orNull({ ...listOf(text), maxItems: MAX_IMAGES }) })

const probe = atLeast({
  name: text,
  argv: listOf(text),
  exit: orNull({ type: 'integer' }),
  failure: orNull(text),
  sha256: orNull(digest),
  text: orNull({ type: 'string', maxLength: 65_536 }),
  sessions: listOf(whole),
  environments: listOf(whole),
})

const touched = atLeast({ kind: text, name: text, caller: text, place: text })

const firstRun = atLeast({
  id: { type: 'string', pattern: '^[0-9]{8}T[0-9]{9}-[0-9a-f]{6}$' },
  planned: text,
  sealed: text,
  file: text,
  code,
  packages: listOf(withMore(atLeast({ name: text, version: text }), { license: text, integrity: text })),
  lock: orNull(atLeast({ file: text, sha256: digest })),
  inputs: {
    type: 'object',
    propertyNames: { type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$' },
    additionalProperties: digest,
  },
  reprise: text,
  sessions: listOf(
    withMore(atLeast({ started: text, ended: orNull(text), runner: text, engines: whole, environment }), {
      variables,
    }),
  ),
  counts: withMore(atLeast({ chunks: whole, jobs: whole, failedJobs: whole, retried: whole }), {
    planned: whole,
    done: whole,
    setAside: whole,
  }),
  rerunOf: orNull(atLeast({ run: text, root: digest })),
})

/** Of the run record; its parts are those of a plan too. */
export const RUN_SCHEMA = withMore(firstRun, {
  math: { enum: ['portable', 'native'] },
  guard: { enum: ['record', 'deny', 'off'] },
  labels: texts,
  touched: listOf(touched),
  environments: listOf(executed),
  probes: listOf(probe),
  replicated,
  scheduled: listOf(scheduled),
  earlier: atLeast({ runs: whole, sealed: whole, aborted: whole, unfinished: whole, reruns: whole }),
  registered: atLeast({ seq: whole, time: text, capsule: digest }),
  audited: { const: true },
})

/** Texts that are signed: their own readers bound and check them. */
const signed = { type: 'string', maxLength: 1_000_000 }
const tokens = { type: 'array', items: { type: 'string', maxLength: 100_000 }, maxItems: MAX_TIMESTAMPS }
const proven = { entry: signed, log: signed, key: text }

const proof = withMore(exactly({ record: digest }), {
  ...proven,
  registered: withMore(exactly(proven), { timestamps: tokens }),
  timestamps: tokens,
  witnesses: { type: 'array', items: signed, maxItems: 1_000 },
  digest,
})

export const MANIFEST_SCHEMA = exactly({
  format: { const: 'reprise/manifest/1' },
  // The document has rules of its own; lib/document.ts checks it whole.
  experiment: exactly({ document: { type: 'object' }, hash: digest }),
  capsule: exactly({ sha256: digest, bytes: whole, source: orNull({ type: 'string' }) }),
  run: RUN_SCHEMA,
  results: exactly({
    chunks: whole,
    root: digest,
    leaves: { anyOf: [{ ...listOf(digest), maxItems: MAX_LEAVES }, exactly({ sha256: digest })] },
  }),
  proof,
})
