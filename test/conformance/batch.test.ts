/** The array runner conforms with AWS Batch: the real SDK and the real program of a task, a stand-in that runs containers, and a bucket. */
import { after, before } from 'node:test'
import { type Cloud, cloudRunner, startCloud } from '../runners/aws-batch/cloud.ts'
import { runnerSuite } from './suite.ts'

const ends: (() => unknown)[] = []
let cloud: Cloud
let runs = 0

before(async () => {
  cloud = await startCloud({ after: (end) => void ends.unshift(end) }, { slots: 2 })
})
after(async () => {
  for (const end of ends) await end()
})

runnerSuite(
  'aws-batch',
  ({ engines, timeoutMs = null, silenceMs }) => {
    const silent = silenceMs === undefined ? {} : { silenceMs }
    return cloudRunner(cloud, `r${++runs}`, { engines, timeoutMs, ...silent })
  },
  // By the time that a part is seen, the engine that it is of may be gone: machines that are taken away are tested with the runner.
  { engines: true, killable: false, brief: process.env.REPRISE_SLOW !== '1' },
)
