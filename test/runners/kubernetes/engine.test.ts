/** The array engine against the stand-in: what is so on any cluster. */
import { test } from 'node:test'
import { engineSuite } from '../../kubernetes/engine-suite.ts'
import { startKubernetes } from '../../kubernetes/server.ts'

test('the array engine for Kubernetes', async (t) => {
  const { kubeconfig } = await startKubernetes(t)
  await engineSuite(t, { wishes: { kubeconfig } })
})
