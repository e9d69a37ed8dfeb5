/** Probes in real engines: what is recorded of commands that succeed, fail, hang, flood or cannot be started, and by whom they are run. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { NO_ATTACHMENTS } from '../../provenance/capsule.ts'
import type { Launcher } from '../../runners/launcher.ts'
import { localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import { runProbes } from '../../runners/probe.ts'
import type { Assignment, Probed } from '../../runners/runner.ts'
import { gone, Recorder } from '../conformance/recorder.ts'
import { assign, digestOf, type Made, Workshop } from '../conformance/workshop.ts'
import { alternating, JITLESS } from '../lab/mixed.ts'

const workshop = new Workshop()
after(() => workshop.close())

const one = async (argv: readonly string[], patience?: number) => {
  const said: string[] = []
  const [outcome] = await runProbes({ p: argv }, {}, (text) => said.push(text), patience)
  const { name: _, argv: __, ...ending } = outcome!
  return { ...ending, said: said.join('') }
}

const failure = (why: string, said = '') => ({ exit: null, failure: why, sha256: null, text: null, said })

describe('a probe', () => {
  test('should give exit code, digest and text of what it prints', async () => {
    const text = 'héllo\n\ttabs\u{1f600}\r\n'
    assert.deepEqual(await one(['printf', '%s', text]), {
      exit: 0,
      failure: null,
      sha256: digestOf(text),
      text,
      said: '',
    })
    const mark = '\ufeffmarked'
    assert.equal((await one(['printf', '%s', mark])).text, mark)
  })

  test('should hand arguments on as they are, with no shell', async () => {
    assert.equal((await one(['printf', '%s', '$HOME; `id` * "'])).text, '$HOME; `id` * "')
  })

  test('should record an exit code that is an error, with what was printed', async () => {
    const found = await one(['sh', '-c', 'echo out; echo why >&2; exit 3'])
    assert.deepEqual(found, {
      exit: 3,
      failure: null,
      sha256: digestOf('out\n'),
      text: 'out\n',
      said: 'why\n',
    })
  })

  test('should record why there is no exit code', async () => {
    assert.deepEqual(await one(['no-such-program']), failure('cannot be started: ENOENT'))
    assert.deepEqual(await one(['/etc/passwd']), failure('cannot be started: EACCES'))
    assert.deepEqual(await one(['sh', '-c', 'echo x; kill -TERM $$']), failure('ended by SIGTERM'))
  })

  test('should not wait for one that hangs, nor for what it started', async () => {
    const start = performance.now()
    assert.deepEqual(await one(['sleep', '60'], 300), failure('took longer than 0.3 s'))
    assert.deepEqual(await one(['sh', '-c', 'sleep 60 & wait'], 300), failure('took longer than 0.3 s'))
    assert.ok(performance.now() - start < 10_000)
  })

  test('should record one that ended, whatever it left running', async () => {
    const start = performance.now()
    const { exit, text } = await one(['sh', '-c', 'sleep 47 & echo hi'])
    assert.deepEqual([exit, text], [0, 'hi\n'])
    assert.ok(performance.now() - start < 20_000)
  })

  test('should keep the digest alone of what is long or no text', async () => {
    const exact = await one(['head', '-c', '65536', '/dev/zero'])
    assert.equal(exact.text, '\0'.repeat(65_536))
    const long = await one(['head', '-c', '65537', '/dev/zero'])
    assert.deepEqual([long.text, long.sha256], [null, digestOf(new Uint8Array(65_537))])
    const bytes = await one(['printf', '\\377'])
    assert.deepEqual([bytes.text, bytes.sha256], [null, digestOf(Uint8Array.of(255))])
  })

  test('should end one that floods', async () => {
    assert.deepEqual(await one(['yes']), failure('printed more than 67108864 bytes'))
  })

  test('should run beside the capsule’s files, with variables that are always the same', async () => {
    const files = {
      'tools/version.sh': Buffer.from('echo "$OMP_NUM_THREADS $PYTHONHASHSEED"; ls').toString('base64'),
    }
    const probes = { a: ['sh', 'tools/version.sh'], b: ['tools/none'] }
    const [a, b] = await runProbes(probes, files, () => {})
    assert.deepEqual([a!.text, a!.argv], ['1 0\ntools\n', probes.a])
    assert.equal(b!.failure, 'cannot be started: ENOENT')
  })
})

const source = (probes: object, body = 'return 1') => `import { experiment } from 'reprise'
export default experiment({
  name: 'probed', parameters: { a: [1, 2, 3, 4, 5, 6] }, guard: 'record', probes: ${JSON.stringify(probes)},
  async run({ point }) { ${body} },
})
`

class ProbedRecorder extends Recorder {
  readonly found: Probed[] = []
  /** Chunks that were there before the last probes. */
  chunksBefore = 0

  probed(found: Probed): void {
    this.found.push(found)
    this.chunksBefore = this.chunks.length
  }
}

async function execute(
  made: Made,
  more: Partial<Assignment>,
  launcher: Launcher = localLauncher(),
  signal = new AbortController().signal,
  sink = new ProbedRecorder({}),
): Promise<ProbedRecorder> {
  try {
    await pool(launcher, { engines: 2, timeoutMs: 60_000 }).execute(
      { ...assign(made), ...more },
      sink,
      signal,
    )
  } finally {
    launcher.close()
  }
  for (const { pid } of sink.engines) await gone(pid)
  return sink
}

describe('an engine', () => {
  const all = [0, 1, 2, 3, 4, 5]
  const python = { python: ['printf', 'Python 3'], none: ['no-such-program'] }

  test('should run the probes before any chunk, and no guard says a word of it', async () => {
    const made = await workshop.make(source(python))
    const asked: string[] = []
    const done = await execute(made, { wantsProbes: (environment) => asked.push(environment) === 1 })
    assert.deepEqual(done.delivered, all)
    assert.deepEqual(done.touches, [])
    assert.equal(done.found.length, 1)
    const [{ engine, environment, outcomes }] = done.found as [Probed]
    assert.deepEqual([environment, done.chunksBefore], [asked[0], 0])
    assert.ok(done.engines.some((started) => started.engine === engine))
    assert.deepEqual(
      outcomes.map(({ name, exit, text }) => [name, exit, text]),
      [
        ['python', 0, 'Python 3'],
        ['none', null, null],
      ],
    )
  })

  test('should run none where nobody wants them, or there are none', async () => {
    const made = await workshop.make(source(python))
    assert.deepEqual((await execute(made, {})).found, [])
    assert.deepEqual((await execute(made, { wantsProbes: () => false })).found, [])
    const plain = await workshop.make(source({}))
    const done = await execute(plain, { wantsProbes: () => assert.fail('it was asked') })
    assert.deepEqual([done.found, done.delivered], [[], all])
  })

  test('should run them in each environment', async () => {
    const made = await workshop.make(source(python, 'await new Promise((r) => setTimeout(r, 300)); return 1'))
    const seen = new Set<string>()
    const wantsProbes = (environment: string) => !seen.has(environment) && seen.add(environment).size > 0
    const done = await execute(made, { wantsProbes }, alternating([{}, JITLESS]))
    const flags = done.found.map(({ environment }) => JSON.parse(environment).flags.join())
    assert.deepEqual([flags.sort(), done.delivered], [['', '--jitless'], all])
  })

  test('should be let go when the run is stopped while it probes', async () => {
    const made = await workshop.make(source({ slow: ['sleep', '25'] }))
    const stop = new AbortController()
    const sink = new ProbedRecorder({ engine: () => setTimeout(() => stop.abort(), 300) })
    const start = performance.now()
    await execute(made, { wantsProbes: () => true }, localLauncher(), stop.signal, sink)
    assert.ok(performance.now() - start < 15_000)
    assert.deepEqual([sink.found, sink.delivered], [[], []])
  })

  test('should not take the others with it when a probe kills it', async () => {
    const made = await workshop.make(source({ rude: ['sh', '-c', 'kill -9 $PPID'] }))
    let asked = 0
    const done = await execute(made, { wantsProbes: () => asked++ === 0 })
    assert.deepEqual([done.delivered, done.found, done.losses.length], [all, [], 1])
  })

  test('should give the same bytes with probes and without', async () => {
    const [with_, without] = [await workshop.make(source(python)), await workshop.make(source({}))]
    const leaves = (done: Recorder) => all.map((chunk) => done.leaf(chunk))
    assert.deepEqual(
      leaves(await execute(with_, { wantsProbes: () => true })),
      leaves(await execute(without, {})),
    )
    assert.equal(with_.hash, without.hash)
  })

  test('should find its files in the capsule', async () => {
    const text = 'echo from the capsule'
    const files = { 'v.sh': Buffer.from(text).toString('base64') }
    const made = await workshop.make(source({ own: ['sh', 'v.sh'] }), { ...NO_ATTACHMENTS, files })
    const { found } = await execute(made, { wantsProbes: () => true })
    assert.equal(found[0]!.outcomes[0]!.text, 'from the capsule\n')
  })
})
