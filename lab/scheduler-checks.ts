/** What is to be seen to before a scheduler's cluster is used, beyond its head: by the kind of the scheduler, a line each. */
import { RepriseError, toErrorRecord } from '../lib/errors.ts'
import type { S3Place } from '../runners/s3/place.ts'
import type { Station } from '../runners/station/station.ts'
import type { CloudProfile, SchedulerProfile } from './check-config.ts'
import type { Check } from './doctor.ts'
import { schedulerManner } from './placement.ts'
import { slurmChecks } from './slurm-check.ts'

export async function schedulerChecks(station: Station, profile: SchedulerProfile): Promise<Check[]> {
  if (profile.kind === 'slurm') return slurmChecks(station, profile)
  return [...(await ofScheduler(profile)), ...(await bucketChecks(profile.store))]
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
