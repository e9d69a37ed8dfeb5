/**
 * The tests of the array engine against a real cluster: `KUBECONFIG=… npm run test:kubernetes`. They use the namespace of the
 * current context, start some twenty small pods of `node:20-slim`, and delete what they made. Not among the tests of `npm test`.
 */
import { test } from 'node:test'
import { engineSuite } from './engine-suite.ts'

const kubeconfig = process.env.KUBECONFIG
const skip = kubeconfig === undefined || kubeconfig === '' ? 'KUBECONFIG names no cluster' : false

test('the array engine for Kubernetes, against a real cluster', { skip }, async (t) => {
  await engineSuite(t, { wishes: { image: 'node:20-slim' } })
})
