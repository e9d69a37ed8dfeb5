/** Programs in other languages: both forms, how they fail, and what reaches them. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { digestOf, Workshop } from '../conformance/workshop.ts'
import { hasPython, jobsOf, type ProgramCase, runProgram } from './programs.ts'

const workshop = new Workshop()
after(() => workshop.close())

const lines = (body: string, top = '') => `import json, os, sys, time
${top}
for line in sys.stdin:
    job = json.loads(line)
    def answer(**words): print(json.dumps(words), flush=True)
${body.replace(/^/gm, '    ')}
`
const python = (body: string, more: Partial<ProgramCase> = {}, top = ''): ProgramCase => ({
  program: 'python3',
  arguments: ['p.py'],
  files: { 'p.py': lines(body, top) },
  repetitions: 4,
  chunk: 2,
  ...more,
})
const run = (given: ProgramCase) => runProgram(workshop, given)

describe('the line form', { skip: !hasPython() }, () => {
  test('should answer a line for a line, and get all that a job has', async () => {
    const done = await run(python('answer(result=job)', { parameters: { a: [1, 2], b: ['x'] } }))
    const asked = jobsOf(done).map(({ result }) => result as Record<string, unknown>)
    assert.equal(asked.length, 8)
    assert.deepEqual(Object.keys(asked[0]!).sort(), ['chunk', 'job', 'point', 'repetition', 'seed'])
    assert.deepEqual(
      asked.map(({ chunk, job, repetition }) => [chunk, job, repetition]),
      [[0, 0, 0], [0, 1, 1], [1, 0, 2], [1, 1, 3], [2, 0, 0], [2, 1, 1], [3, 0, 2], [3, 1, 3]], // biome-ignore format: a table
    )
    assert.deepEqual(asked[7]!.point, { a: 2, b: 'x' })
    assert.equal(new Set(asked.map(({ seed }) => seed)).size, 8)
    for (const { seed } of asked) assert.match(String(seed), /^[0-9a-f]{64}$/)
  })

  test('should start afresh for each chunk, in a folder of its own', async () => {
    const body = `n += 1; open('left-behind-%d' % n, 'w').close()\nanswer(result=[n, sorted(os.listdir('.')), os.getcwd()])`
    const found = jobsOf(await run(python(body, {}, 'n = 0'))).map(
      ({ result }) => result as [number, string[], string],
    )
    assert.deepEqual(
      found.map(([n]) => n),
      [1, 2, 1, 2],
    )
    assert.deepEqual(found[2]![1], ['left-behind-1', 'p.py'])
    assert.equal(new Set(found.map(([, , folder]) => folder)).size, 2)
    for (const [, , folder] of found) assert.equal(existsSync(folder), false)
  })

  test('should record what the program reports, and go on with it', async () => {
    const body = `n += 1\nif job['job'] == 0: answer(error={'name': 'ValueError', 'message': 'no root'})\nelse: answer(result=n)`
    assert.deepEqual(jobsOf(await run(python(body, { repetitions: 2 }, 'n = 0'))), [
      { error: { message: 'no root', name: 'ValueError' } },
      { result: 2 },
    ])
  })

  test('should fail the job that a program exits with, and go on in a fresh one', async () => {
    const body = `n += 1\nif job['job'] == 1:\n    print('first', file=sys.stderr); print('the reason', file=sys.stderr); sys.exit(3)\nanswer(result=n)`
    const done = await run(python(body, { repetitions: 4, chunk: 4 }, 'n = 0'))
    assert.deepEqual(jobsOf(done), [
      { result: 1 },
      { error: { message: 'exit code 3: the reason', name: 'ProgramFailed' } },
      { result: 1 },
      { result: 2 },
    ])
    assert.deepEqual(done.losses, [])
    assert.ok(
      done.logs.some(
        ({ stream, text, job }) => stream === 'stderr' && text.includes('the reason') && job === 1,
      ),
    )
  })

  test('should fail a job whose program ends without an answer', async () => {
    const done = await run(
      python(`if job['job'] == 1: sys.exit(0)\nanswer(result=1)`, { repetitions: 3, chunk: 3 }),
    )
    assert.deepEqual(
      jobsOf(done).map(({ error }) => error?.message),
      [undefined, 'the program ended without an answer', undefined],
    )
  })

  test('should not hand one job the answer of another after a line that is none', async () => {
    const body = `if job['job'] == 0: print('debugging', flush=True)\nanswer(result=job['job'])`
    const jobs = jobsOf(await run(python(body, { repetitions: 3, chunk: 3 })))
    assert.match(jobs[0]!.error!.message, /not JSON: "debugging"/)
    assert.deepEqual(jobs.slice(1), [{ result: 1 }, { result: 2 }])
  })

  test('should keep no result of a program that answers more than it was asked', async () => {
    const body = `answer(result=job['job'])\nif job['job'] == 0: answer(result='again')`
    const done = await run(python(body, { repetitions: 3, chunk: 3 }))
    assert.deepEqual(done.delivered, [])
    assert.match(done.aside[0]!.reason, /printed more lines than it was asked/)
  })

  test('should not wait for ever for a program that does not end', async () => {
    const body = `answer(result=1)\nimport signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nif job['job'] == 1: time.sleep(100)`
    const start = performance.now()
    assert.equal(jobsOf(await run(python(body, { repetitions: 2 }))).length, 2)
    assert.ok(performance.now() - start < 15_000)
  })

  test('should take a killed program for no fault of its job', async () => {
    const marker = JSON.stringify(workshop.path('once'))
    const body = `try:\n    if job['repetition'] == 1:\n        os.mkdir(${marker}); os.kill(os.getpid(), 9)\nexcept FileExistsError: pass\nanswer(result=job['repetition'])`
    const done = await run(python(body))
    assert.deepEqual(
      jobsOf(done).map(({ result }) => result),
      [0, 1, 2, 3],
    )
    assert.equal(done.losses.length, 1)
    assert.match(done.losses[0]!.reason, /ended by SIGKILL/)
  })

  test('should replace a program that hangs', async () => {
    const marker = workshop.path('once')
    const body = `try: os.mkdir(${JSON.stringify(marker)}); time.sleep(100)\nexcept FileExistsError: pass\nanswer(result=1)`
    const done = await run(python(body, { timeoutMs: 2_000, repetitions: 1 }))
    assert.deepEqual([jobsOf(done), done.losses.length], [[{ result: 1 }], 1])
  })

  test('should find its inputs beside it, and no other bytes than declared', async () => {
    const inputs = { 'data.txt': digestOf('forty-two') }
    const path = workshop.file('data.txt', 'forty-two')
    const body = `answer(result=open('data.txt').read())`
    const given = python(body, { inputs, paths: { [inputs['data.txt']]: path }, chunk: 1 })
    assert.deepEqual(jobsOf(await run(given))[3], { result: 'forty-two' })
    for (const wrong of [workshop.file('data.txt', 'forty-three'), workshop.path('missing')])
      await assert.rejects(run({ ...given, paths: { [inputs['data.txt']]: wrong } }), /data\.txt/)
  })

  test('should find its own files in folders, and may execute them', async () => {
    const files = { 'bin/run': `#!/bin/sh\ncat share/words | tr -d '\\n'\n`, 'share/words': '"yes"' }
    const done = await run({ program: './bin/run', arguments: ['{repetition}'], files })
    assert.deepEqual(jobsOf(done), [{ result: 'yes' }])
  })
})

describe('the form with placeholders', { skip: !hasPython() }, () => {
  const echo = { program: 'python3', files: { 'p.py': 'import json, sys; print(json.dumps(sys.argv[1:]))' } }

  test('should start once a job and take one JSON value, however it is laid out', async () => {
    const files = {
      'p.py': `import json, sys; print(json.dumps({'a': [1, sys.argv[1]]}, indent=4)); print()`,
    }
    const done = await run({ ...echo, files, arguments: ['p.py', '{repetition}'], repetitions: 3, chunk: 2 })
    assert.deepEqual(
      jobsOf(done).map(({ result }) => result),
      ['0', '1', '2'].map((r) => ({ a: [1, r] })),
    )
  })

  test('should hand arguments on as they are', async () => {
    const hostile = [
      '$(touch PWN)',
      '`touch PWN`',
      `a'b"c`,
      'two\nlines\r\n',
      '-rf',
      '--',
      '',
      ' ',
      '*',
      '~',
      '; exit 1 #',
      '\\n',
      '{x}',
      'žluť 😀',
    ]
    const done = await run({ ...echo, arguments: ['p.py', '{s}', 'x={s}', '--'], parameters: { s: hostile } })
    assert.deepEqual(
      jobsOf(done).map(({ result }) => result),
      hostile.map((s) => [s, `x=${s}`, '--']),
    )
    assert.equal(existsSync('PWN'), false)
  })

  test('should fill in values, seed and repetition', async () => {
    const words = ['p.py', '{n}', '{f}', '{o}', '{seed}', '{seed31}', '{repetition}']
    const done = await run({ ...echo, arguments: words, parameters: { n: [3], f: [true], o: [{ b: [1] }] } })
    const [n, f, o, seed, seed31, repetition] = jobsOf(done)[0]!.result as string[]
    assert.deepEqual([n, f, o, repetition], ['3', 'true', '{"b":[1]}', '0'])
    assert.equal(Number(seed31), Number.parseInt(seed!.slice(0, 8), 16) >>> 1)
  })

  test('should fail a job by its exit code, its output or its argument, and go on', async () => {
    const program = `import sys
how = sys.argv[1]
if how == 'exit': print('Traceback', file=sys.stderr); print('ValueError: bad', file=sys.stderr); sys.exit(1)
if how == 'words': print('hello')
if how == 'two': print('1'); print('2')
if how == 'good': print('1.5')`
    const how = ['exit', 'words', 'nothing', 'two', 'good', 'nul\0']
    const done = await run({
      ...echo,
      files: { 'p.py': program },
      arguments: ['p.py', '{how}'],
      parameters: { how },
    })
    const jobs = jobsOf(done)
    assert.equal(jobs[0]!.error!.message, 'exit code 1: ValueError: bad')
    for (const at of [1, 2, 3]) assert.match(jobs[at]!.error!.message, /not JSON/)
    assert.deepEqual(jobs[4], { result: 1.5 })
    assert.match(jobs[5]!.error!.message, /null bytes/)
    assert.deepEqual(done.losses, [])
  })

  test('should say soon that a program is not there', async () => {
    const start = performance.now()
    const given = { program: 'no-such-program', parameters: { i: Array.from({ length: 200 }, (_, i) => i) } }
    for (const words of [['{i}'], []]) {
      await assert.rejects(run({ ...given, arguments: words }), /no-such-program cannot be started/)
    }
    assert.ok(performance.now() - start < 20_000)
  })

  test('should give the same environment to every program', async () => {
    const files = { 'p.py': 'import json, os; print(json.dumps(dict(os.environ)))' }
    process.env.REPRISE_TEST_LEAK = 'leak'
    const done = await run({ program: 'python3', files, arguments: ['p.py', '{repetition}'] })
    delete process.env.REPRISE_TEST_LEAK
    const env = jobsOf(done)[0]!.result as Record<string, string>
    assert.equal(env.REPRISE_TEST_LEAK, undefined)
    assert.deepEqual([env.TZ, env.LC_ALL, env.PYTHONHASHSEED, env.OMP_NUM_THREADS], ['UTC', 'C', '0', '1'])
  })
})
