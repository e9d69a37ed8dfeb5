/** Whether a head has a Slurm that takes what a profile asks for: asked there, without anything being submitted. */
import { RepriseError, toErrorRecord } from '../lib/errors.ts'
import type { SlurmProfile } from '../runners/slurm/profile.ts'
import type { Station } from '../runners/station/station.ts'
import type { Check } from './doctor.ts'
import { headOn } from './open-head.ts'
import { schedulerManner } from './placement.ts'

export async function slurmChecks(station: Station, profile: SlurmProfile): Promise<Check[]> {
  try {
    const head = await headOn(station)
    const { cluster, version, maxArray, maxTasks, accounting } = await head.probe(schedulerManner(profile))
    const most = maxTasks === null ? '' : `, at most ${maxTasks} tasks at once`
    const name = cluster === null ? '' : ` ${cluster}`
    return [
      {
        name: 'Slurm',
        state: 'well',
        found: `${version}, cluster${name}, arrays of at most ${maxArray} tasks${most}`,
        remedy: '',
      },
      { name: 'tasks', state: 'well', found: 'what is asked for each would be taken', remedy: '' },
      accounting
        ? { name: 'accounting', state: 'well', found: 'tells times and memory of tasks', remedy: '' }
        : {
            name: 'accounting',
            state: 'note',
            found: 'there is none',
            remedy: 'times and memory of tasks are those that they measure themselves',
          },
    ]
  } catch (error) {
    const { message, subject, remedy } = toErrorRecord(error, 'engine')
    const found = error instanceof RepriseError && subject !== '' ? `${subject}: ${message}` : message
    return [{ name: 'Slurm', state: 'bad', found, remedy }]
  }
}
