/** Containers for tests: the run's store in a service that is not ours, with what tasks need brought there, and processes as they are started by a cloud. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { type ArrayTasks, contentKey, orderKey, PART, partsPrefix } from '../../../runners/array/layout.ts'
import { readPart } from '../../../runners/array/parts.ts'
import { bring } from '../../../runners/cloud/bring.ts'
import { type Container, containerOf } from '../../../runners/cloud/container.ts'
import { cloudProgram } from '../../../runners/cloud/program.ts'
import { rangesOf } from '../../../runners/detached/submission.ts'
import type { Told } from '../../../runners/detached/told.ts'
import { placeOfRun } from '../../../runners/s3/place.ts'
import { type S3Store, s3Store } from '../../../runners/s3/s3-store.ts'
import { digestOf, type Made, type Workshop } from '../../conformance/workshop.ts'
import { type S3Service, startS3 } from '../../s3/server.ts'

const RUN = '20300101T000000000-abcdef'

export interface Finished {
  readonly code: number | null
  readonly words: string
}

export class Containers {
  readonly s3: S3Service
  readonly store: S3Store
  readonly #workshop: Workshop
  readonly #container: (array: number) => Container

  private constructor(
    s3: S3Service,
    store: S3Store,
    workshop: Workshop,
    container: (array: number) => Container,
  ) {
    this.s3 = s3
    this.store = store
    this.#workshop = workshop
    this.#container = container
  }

  /** Gives this process the credentials of the service. */
  static async start(
    t: TestContext,
    workshop: Workshop,
    env: Record<string, string> = {},
  ): Promise<Containers> {
    const s3 = await startS3(t)
    Object.assign(process.env, s3.env)
    const place = placeOfRun({ ...s3.place, prefix: 'some/where' }, RUN)
    const store = s3Store(place)
    t.after(() => store.close())
    const { boot, pod } = await cloudProgram()
    const container = (array: number) => containerOf({ place, boot, program: pod.sha256, env }, array)
    return new Containers(s3, store, workshop, container)
  }

  /** Puts array 1, and all that its tasks need. */
  async order(
    made: Made,
    more: Partial<ArrayTasks> = {},
    inputs: Record<string, string> = {},
  ): Promise<void> {
    const capsule = digestOfFile(made.capsule)
    const { pod } = await cloudProgram()
    const content = { [capsule]: made.capsule, ...inputs }
    await bring(this.store, { program: pod, content }, new AbortController().signal)
    const all = rangesOf(Array.from({ length: made.chunks }, (_, i) => i))
    const order: ArrayTasks = {
      ...{ format: 'reprise/array/1', hash: made.hash, capsule: contentKey(capsule) },
      inputs: Object.fromEntries(Object.keys(inputs).map((sha256) => [sha256, contentKey(sha256)])),
      ...{ engines: 2, timeoutMs: null, silenceMs: null, tasks: [all], name: 'test-1', ...more },
    }
    await this.store.put(orderKey(1), Buffer.from(JSON.stringify(order)))
  }

  /** A container of a task of array 1: its process, and its folder for temporary files. */
  begin(env: Record<string, string> = {}, flags: (folder: string) => readonly string[] = () => []) {
    const folder = this.#workshop.path('tmp')
    mkdirSync(folder)
    const { command, env: own } = this.#container(1)
    const child = spawn(process.execPath, [...flags(folder), ...command.slice(1)], {
      cwd: '/',
      env: { PATH: process.env.PATH!, TMPDIR: folder, ...own, ...this.s3.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let words = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words += text
    })
    const ended = new Promise<Finished>((resolve) => {
      child.on('close', (code) => resolve({ code, words }))
    })
    return { child, folder, ended, said: () => words }
  }

  async told(): Promise<Told[]> {
    const found: Told[] = []
    for (const key of await this.store.list(partsPrefix(1)))
      if (PART.test(key)) found.push(...readPart(key, (await this.store.get(key))!))
    return found
  }

  async chunks(): Promise<[chunk: number, leaf: string][]> {
    const all: [number, string][] = []
    for (const told of await this.told())
      if (told.type === 'chunk') all.push([told.done.chunk, told.done.leaf])
    return all.sort(([a], [b]) => a - b)
  }
}

function digestOfFile(path: string): string {
  return digestOf(readFileSync(path))
}
