/**
 * Whether the image of tasks can be had, which no server tells beforehand: one task is submitted that says the version of its Node and
 * nothing else. It is ended in any case, and nothing of it stays.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../lib/errors.ts'
import { type ArrayEngine, isOver, type TaskLook } from '../array/engine.ts'
import { lastLine } from '../link.ts'
import type { Container } from './container.ts'

export interface ImageCheck {
  /** As it is named to the scheduler. */
  readonly image: string
  /** An engine of a run of this name, whose tasks are this. */
  engine(run: string, container: () => Container): ArrayEngine
  /** How long it may take to begin and to end, ms: an image of some GB takes minutes, and so does a machine that is rented for it. */
  readonly patienceMs?: number
  /** Ends it earlier. */
  readonly signal?: AbortSignal
}

export interface ImageFinding {
  readonly name: 'image'
  readonly state: 'well' | 'bad' | 'note'
  readonly found: string
  readonly remedy: string
}

const PATIENCE_MS = 5 * 60_000
const LOOK_MS = 1_000
const REMEDY = 'See `image` of the profile: any with Node 20.19 or later will do'
/** Of Node, below which engines do not start. */
const LEAST = [20, 19] as const

/** Never throws for what the scheduler says of the image; throws `usage`, `busy` or `engine` where it takes no task. */
export async function checkImage({ image, engine: engineOf, ...more }: ImageCheck): Promise<ImageFinding> {
  const id = randomBytes(6).toString('hex')
  const engine = engineOf(`image-check-${id}`, () => ({ command: ['node', '--version'], env: {} }))
  try {
    const order = { name: `reprise-image-check-${id}`, array: 1, count: 1 }
    await engine.stage(order)
    const handle = await engine.submit(order)
    try {
      return await found(engine, handle, image, more)
    } finally {
      await engine.cancel([handle])
      await engine.clean(1)
    }
  } finally {
    engine.close?.()
  }
}

async function found(
  engine: ArrayEngine,
  handle: string,
  image: string,
  { patienceMs = PATIENCE_MS, signal }: Pick<ImageCheck, 'patienceMs' | 'signal'>,
): Promise<ImageFinding> {
  let look: TaskLook | undefined
  try {
    look = await lookAtLast(engine, handle, performance.now() + patienceMs, signal)
  } catch (error) {
    if (!(error instanceof RepriseError) || error.code !== 'usage') throw error
    return { name: 'image', state: 'bad', found: error.message, remedy: error.remedy || REMEDY }
  }
  const words = look?.stuck ?? look?.words ?? look?.state ?? 'nothing is known of it'
  if (signal?.aborted) return note(`${image} was not tried to the end: ${words}`, 'Ask again')
  if (look === undefined || !isOver(look.state))
    return note(
      `${image} was not begun within ${Math.round(patienceMs / 1000)} s: ${words}`,
      'It may be had all the same; see that there is room for a task, and ask again',
    )
  if (look.state !== 'completed')
    return { name: 'image', state: 'bad', found: `${image} does not run Node: ${words}`, remedy: REMEDY }
  return versionFound(image, lastLine(await engine.logs(1, 0).catch(() => '')))
}

/** Where nobody tells what it printed, that it ended well is all that is known. */
function versionFound(image: string, said: string): ImageFinding {
  const [, major, minor] = /^v(\d+)\.(\d+)\.\d+/.exec(said) ?? []
  if (major === undefined)
    return { name: 'image', state: 'well', found: `${image} was had, and runs Node`, remedy: '' }
  const tooOld = Number(major) < LEAST[0] || (Number(major) === LEAST[0] && Number(minor) < LEAST[1])
  return tooOld
    ? { name: 'image', state: 'bad', found: `${image} has Node ${said}, which is too old`, remedy: REMEDY }
    : { name: 'image', state: 'well', found: `${image} was had, and has Node ${said}`, remedy: '' }
}

/** As it is when it is over, or when time is up. */
async function lookAtLast(
  engine: ArrayEngine,
  handle: string,
  until: number,
  signal: AbortSignal | undefined,
): Promise<TaskLook | undefined> {
  let look: TaskLook | undefined
  while (performance.now() < until && signal?.aborted !== true) {
    look = (await engine.status([handle])).get(handle)?.get(0) ?? look
    if (look !== undefined && isOver(look.state)) break
    await sleep(LOOK_MS, undefined, signal === undefined ? {} : { signal }).catch(() => {})
  }
  return look
}

function note(what: string, remedy: string): ImageFinding {
  return { name: 'image', state: 'note', found: what, remedy }
}
