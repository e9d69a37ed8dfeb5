/** What is to be seen to before a scheduler's cluster is used, beyond its head: by the kind of the scheduler, a line each. */
import { RepriseError, toErrorRecord } from '../lib/errors.ts'
import type { S3Place } from '../runners/s3/place.ts'
import type { Station } from '../runners/station/station.ts'
import type { CloudProfile, SchedulerProfile } from './check-config.ts'
import type { Check } from './doctor.ts'
import { schedulerManner } from './placement.ts'
import { slurmChecks } from './slurm-check.ts'

export interface Checking {
  /** Has a task started that only tells whether its image can be had; ended by this signal. */
  readonly image?: AbortSignal
}

export async function schedulerChecks(
  station: Station,
  profile: SchedulerProfile,
  { image }: Checking = {},
): Promise<Check[]> {
  if (profile.kind === 'slurm') return slurmChecks(station, profile)
  const checks = [...(await ofScheduler(profile)), ...(await bucketChecks(profile.store))]
  return image === undefined ? checks : [...checks, await imageCheck(profile, image)]
}

async function imageCheck(profile: CloudProfile, signal: AbortSignal): Promise<Check> {
  const manner = schedulerManner(profile)
  try {
    const { checkImage } = await import('../runners/cloud/image-check.ts')
    if (manner.kind === 'aws-batch') {
      const { batchEngine } = await import('../runners/aws-batch/engine.ts')
      const { defaultImage } = await import('../runners/aws-batch/definition.ts')
      const { wishes } = manner
      const image = wishes.image ?? defaultImage()
      return await checkImage({
        image,
        signal,
        engine: (run, container) => batchEngine({ wishes, run, container }),
      })
    }
    const { wishes } = manner as Extract<typeof manner, { kind: 'kubernetes' }>
    const { kubernetesEngine } = await import('../runners/kubernetes/engine.ts')
    const { imageOf } = await import('../runners/kubernetes/job.ts')
    const image = imageOf(wishes)
    return await checkImage({
      image,
      signal,
      engine: (run, container) => kubernetesEngine({ wishes, run, container }),
    })
  } catch (error) {
    return failed('image', error)
  }
}

async function ofScheduler(profile: CloudProfile): Promise<readonly Check[]> {
  const manner = schedulerManner(profile)
  if (manner.kind === 'aws-batch')
    return (await import('../runners/aws-batch/check.ts')).batchCheck(manner.wishes)
  if (manner.kind === 'kubernetes')
    return (await import('../runners/kubernetes/check.ts')).checkKubernetes(manner.wishes)
  return []
}

/** The packages that ask are loaded only here. */
async function bucketChecks(place: S3Place): Promise<Check[]> {
  try {
    const { s3Check } = await import('../runners/s3/check.ts')
    const { place: name, region, putsOnce, removes } = await s3Check(place)
    return [
      { name: 'bucket', state: 'well', found: `${name} (${region}) can be read and written`, remedy: '' },
      putsOnce
        ? { name: 'put once', state: 'well', found: 'the service keeps it', remedy: '' }
        : {
            name: 'put once',
            state: 'note',
            found: 'the service does not honour If-None-Match',
            remedy: 'what is there is looked for before, which is slower and as safe for results',
          },
      ...(removes
        ? []
        : [
            {
              name: 'removing',
              state: 'note',
              found: 'keys may not be removed',
              remedy: 'reprise cluster clean needs s3:DeleteObject',
            } as const,
          ]),
    ]
  } catch (error) {
    return [failed('bucket', error)]
  }
}

function failed(name: string, thrown: unknown): Check {
  const { message, subject, remedy } = toErrorRecord(thrown, 'engine')
  const told = thrown instanceof RepriseError && subject !== '' ? `${subject}: ${message}` : message
  return { name, state: 'bad', found: told, remedy }
}
