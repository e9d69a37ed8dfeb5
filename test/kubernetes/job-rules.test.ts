/** Every Job is checked: by the OpenAPI description, and by what Kubernetes asks beyond it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { V1PodFailurePolicyRule } from '@kubernetes/client-node'
import { ask, JOBS, jobOf, type WantedJob } from './asking.ts'
import { startKubernetes } from './server.ts'

const rules = (...given: V1PodFailurePolicyRule[]) => ({ podFailurePolicy: { rules: given } })
const codes = (...values: number[]) => ({ onExitCodes: { operator: 'In', values } })
const requests = (cpu: string, limit: string) => ({
  container: { resources: { requests: { cpu }, limits: { cpu: limit } } },
})

const REFUSED: readonly [what: string, wanted: WantedJob, code: number, words: RegExp][] = [
  ['an unknown field', { spec: { backofLimit: 1 } as never }, 400, /strict decoding error: unknown field "spec\.backofLimit"/],
  ['an unknown field of a container', { container: { imagePulPolicy: 'Always' } }, 400, /unknown field "spec\.template\.spec\.containers\[0\]\.imagePulPolicy"/],
  ['a text for a number', { spec: { parallelism: '5' as never } }, 400, /cannot unmarshal into Go struct field Job\.spec\.parallelism/],
  ['an unknown mode', { spec: { completionMode: 'Sorted' } }, 422, /spec\.completionMode: Unsupported value/],
  ['a toleration of an unknown kind', { pod: { tolerations: [{ key: 'a', operator: 'Like' }] } }, 422, /operator/],
  ['no containers', { pod: { containers: undefined } }, 422, /spec\.template\.spec\.containers: Required value/],
  ['pods that restart', { pod: { restartPolicy: 'Always' } }, 422, /spec\.template\.spec\.restartPolicy: Unsupported value: "Always": supported values: "OnFailure", "Never"/],
  ['no policy of restarts', { pod: { restartPolicy: undefined } }, 422, /restartPolicy: Required value/],
  ['restarts with limits by index', { pod: { restartPolicy: 'OnFailure' } }, 422, /only \\"Never\\" is supported|only "Never" is supported/],
  ['a name too long for its last index', { name: 'n'.repeat(60), count: 1001 }, 422, /metadata\.name: Invalid value.*63 characters/],
  ['a name in capitals', { name: 'Job' }, 422, /RFC 1123/],
  ['too many pods at once', { spec: { parallelism: 100_001 } }, 422, /spec\.parallelism: Invalid value: 100001: must be less than or equal to 100000/],
  ['too many indices', { spec: { completions: 100_001 } }, 422, /spec\.maxFailedIndexes: Required value/],
  ['no indices', { spec: { completions: undefined as never } }, 422, /spec\.completions: Required value: when completion mode is Indexed/],
  ['FailIndex where no limit is by index', { spec: { backoffLimitPerIndex: undefined as never, ...rules({ action: 'FailIndex', ...codes(78) }) } }, 422, /requires the backoffLimitPerIndex to be set/],
  ['exit codes in no order', { spec: rules({ action: 'FailIndex', ...codes(78, 3) }) }, 422, /must be ordered/],
  ['success as a failure', { spec: rules({ action: 'Ignore', ...codes(0) }) }, 422, /must not be 0 for the In operator/],
  ['a rule for nothing', { spec: rules({ action: 'Ignore' }) }, 422, /specifying one of OnExitCodes and OnPodConditions is required/],
  ['replacement before the end, with a policy', { spec: { ...rules({ action: 'FailIndex', ...codes(78) }), podReplacementPolicy: 'TerminatingOrFailed' } }, 422, /spec\.podReplacementPolicy: Unsupported value/],
  ['requests above limits', requests('2', '1'), 422, /must be less than or equal to cpu limit of 1/],
  ['an amount that is none', requests('two', '3'), 400, /quantities must match/],
  ['no image', { image: '' }, 422, /image: Required value/],
  ['a mount of no volume', { container: { volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] } }, 422, /volumeMounts\[0\]\.name: Not found: \\?"tmp/],
  ['a label that is none', { spec: { template: { ...jobOf().spec!.template, metadata: { labels: { a: 'not so' } } } } }, 422, /a valid label must be/],
  ['a selector of its own', { spec: { selector: { matchLabels: { a: 'b' } } } }, 422, /`selector` not auto-generated/],
] // biome-ignore format: a table

test('should refuse what Kubernetes refuses, in its form', async (t) => {
  const cluster = await startKubernetes(t)
  for (const [what, wanted, code, words] of REFUSED) {
    const said = await ask(cluster, 'POST', JOBS, jobOf(wanted))
    const { kind, status, message } = JSON.parse(said.text)
    assert.deepEqual([what, said.code, kind, status], [what, code, 'Status', 'Failure'], said.text)
    assert.match(message, words, what)
  }
  assert.equal(cluster.jobs.length, 0)
  assert.equal((await ask(cluster, 'POST', JOBS, jobOf())).code, 201)
})

test('should not know, as an older version, what came later', async (t) => {
  const cluster = await startKubernetes(t, { minor: 28 })
  const { code, text } = await ask(cluster, 'POST', JOBS, jobOf())
  assert.deepEqual([code, /unknown field \\"spec\.backoffLimitPerIndex\\"/.test(text)], [400, true])
  const older = jobOf({ spec: { backoffLimitPerIndex: undefined as never, backoffLimit: 5 } })
  assert.equal((await ask(cluster, 'POST', JOBS, older)).code, 201)
})
