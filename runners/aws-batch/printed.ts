/**
 * What a task printed: AWS keeps it in CloudWatch, in a stream that the job names. It is read from there where that is allowed; where it
 * is not, people are told where it is.
 */
import { AwsClient } from 'aws4fetch'
import type { BatchApi } from './client.ts'

/** The usual one of AWS Batch; definitions of ours name no other. */
const GROUP = '/aws/batch/job'
const MOST_LINES = 500
const PATIENCE_MS = 4_000

/** The end of a stream; where it cannot be read, one line that tells where it is. Throws `engine` where there are no credentials. */
export async function printedIn(
  api: BatchApi,
  endpoint: string | undefined,
  stream: string,
): Promise<string> {
  const { credentials, region } = await api.signing()
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const aws = new AwsClient({
    ...{ accessKeyId, secretAccessKey, region, service: 'logs', retries: 1 },
    ...(sessionToken === undefined ? {} : { sessionToken }),
  })
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  try {
    const answer = await aws.fetch(endpoint ?? `https://logs.${region}.${suffix}/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Logs_20140328.GetLogEvents',
      },
      body: JSON.stringify({ logGroupName: GROUP, logStreamName: stream, limit: MOST_LINES }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const told: unknown = answer.ok ? await answer.json() : null
    const lines = linesOf(told)
    if (lines !== null) return lines.map((line) => `${line}\n`).join('')
  } catch {} // words beside the matter
  return `what it printed is in CloudWatch, group ${GROUP}, stream ${stream}\n`
}

function linesOf(told: unknown): string[] | null {
  const events = (told as { events?: unknown } | null)?.events
  if (!Array.isArray(events)) return null
  return events.map((event: { message?: unknown } | null) => String(event?.message ?? ''))
}
