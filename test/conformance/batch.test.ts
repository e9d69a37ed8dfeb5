/** The array runner conforms with AWS Batch: the real SDK, a stand-in that runs containers as processes, and a bucket between. */
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
  { engines: true, killable: true, brief: process.env.REPRISE_SLOW !== '1' },
)
