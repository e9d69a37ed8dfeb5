/** Whether a job queue takes tasks as they are wished for. */
import type { JobQueueDetail } from '@aws-sdk/client-batch'
import type { BatchWishes } from './profile.ts'

/** Why it does not; null where it does. */
export function whyNot(queue: JobQueueDetail, { platform = 'EC2' }: BatchWishes): string | null {
  const { state, status, statusReason, jobQueueType = platform === 'EC2' ? 'ECS' : 'ECS_FARGATE' } = queue
  if (state !== 'ENABLED') return 'the job queue is disabled'
  if (status !== undefined && status !== 'VALID' && status !== 'UPDATING')
    return `the job queue is ${status}${statusReason === undefined ? '' : `: ${statusReason}`}`
  const fits = platform === 'EC2' ? ['ECS'] : ['ECS_FARGATE']
  if (!fits.includes(jobQueueType))
    return `the job queue is for ${jobQueueType}, and \`platform\` is ${platform}`
  return null
}
