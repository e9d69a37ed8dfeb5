/** Environment variables: values of a few, in their own form only; of all others no more than the name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { variablesHere } from '../../provenance/variables.ts'

test('should record values of those that programs compute and print by', () => {
  const values = {
    TZ: 'Europe/Berlin',
    LANG: 'C.UTF-8',
    LC_ALL: 'de_DE.UTF-8@euro',
    LC_COLLATE: 'POSIX',
    OMP_NUM_THREADS: '4,2',
    OPENBLAS_NUM_THREADS: '1',
    MKL_CBWR: 'AVX2,STRICT',
    PYTHONHASHSEED: 'random',
    CUDA_VISIBLE_DEVICES: '0,1',
    CUBLAS_WORKSPACE_CONFIG: ':4096:8',
    NODE_ENV: 'production',
  }
  assert.deepEqual(variablesHere(values), { recorded: values, others: [] })
  for (const zone of [
    'UTC',
    ':Etc/GMT+5',
    'America/Argentina/Buenos_Aires',
    'EST5EDT',
    'CET-1CEST,M3.5.0,M10.5.0/3',
  ])
    assert.deepEqual(variablesHere({ TZ: zone }).recorded, { TZ: zone })
  const gpu = 'GPU-8932f937-d72c-4106-c12f-20bd9faed9f6'
  assert.deepEqual(variablesHere({ CUDA_VISIBLE_DEVICES: gpu }).recorded, { CUDA_VISIBLE_DEVICES: gpu })
})

test('should record the names alone where a value is not of that form, or is nobody’s business', () => {
  const odd = {
    TZ: '/home/ada/zone',
    LANG: 'password=sesame',
    LC_ALL: 'x'.repeat(50),
    OMP_NUM_THREADS: 'sesame',
    PYTHONHASHSEED: '12345678901',
    CUDA_VISIBLE_DEVICES: 'sesame',
    NODE_ENV: 'sesame',
    API_TOKEN: 'sesame',
    PATH: '/home/ada/bin',
    SLURM_JOB_USER: 'ada',
  }
  const found = variablesHere(odd)
  assert.deepEqual(found, { recorded: {}, others: Object.keys(odd).sort() })
  for (const token of ['ghp_0123456789abcdef', '0123456789abcdef0123456789abcdef', 'AKIAIOSFODNN7EXAMPLE'])
    assert.deepEqual(
      variablesHere({ TZ: token, LANG: token, LANGUAGE: token, PYTHONHASHSEED: token }).recorded,
      {},
    )
})

test('should tell flags of Node by name', () => {
  const cases: Record<string, string> = {
    '': '',
    '--max-old-space-size=512 --jitless': '--max-old-space-size --jitless',
    '--require /home/ada/sesame.cjs -r ./x.cjs': '--require -r',
    '--require "/home/ada/my --sesame file.js" --trace-warnings': '--require --trace-warnings',
    '--title="a \\" --sesame" --inspect=127.0.0.1:9229': '--title --inspect',
    '--title="never closed --sesame': '--title',
    '--import=data:text/javascript,sesame': '--import',
    '--SESAME --sesame$ ---x': '',
  }
  for (const [options, told] of Object.entries(cases))
    assert.deepEqual(variablesHere({ NODE_OPTIONS: options }).recorded, { NODE_OPTIONS: told })
})

test('should name what a variable may be named, so many of them, and count the rest', () => {
  const odd = { 'BASH_FUNC_x%%': '() { :; }', 'a b': '', ['x'.repeat(101)]: '', ä: '', '1X': '', OK: '' }
  assert.deepEqual(variablesHere(odd), { recorded: {}, others: ['OK'], unnamed: 5 })
  const many = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`V${i}`, 'x']))
  const { others, unnamed } = variablesHere(many)
  assert.deepEqual([others.length, unnamed], [500, 100])
})
