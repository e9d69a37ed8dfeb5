/** Engines of two kinds in one run, for real: every other engine is another Node, or the same under other flags. */
import type { TestContext } from 'node:test'
import { executeRun, type Outcome } from '../../lab/execute.ts'
import { findLab, type Lab, type RunFolder } from '../../lab/lab.ts'
import { planRun } from '../../lab/plan.ts'
import type { Launcher } from '../../runners/launcher.ts'
import { type LocalOptions, localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import { Project } from '../cli/project.ts'
import { nodesOf } from '../portability/nodes.ts'

/** Path of another Node, fetched as `--runtime` fetches one; undefined where it cannot be had. */
export const OTHER_NODE: string | undefined = (await nodesOf(['24.21.0']))[1]?.path

export const JITLESS: LocalOptions = { flags: ['--jitless'] }
const HERE: LocalOptions = {}

/** Kinds of engines besides the usual to try. */
export const KINDS: readonly (readonly [name: string, options: LocalOptions])[] = [
  ['under --jitless', JITLESS],
  ...(OTHER_NODE === undefined ? [] : [['on another Node', { node: OTHER_NODE }] as const]),
]

/** A launcher whose engines are of these kinds in turn. */
export function alternating(kinds: readonly LocalOptions[]): Launcher {
  const launchers = kinds.map((kind) => localLauncher(kind))
  let next = 0
  return {
    kind: 'local',
    launch: (capsule) => launchers[next++ % launchers.length]!.launch(capsule),
    close: () => {
      for (const launcher of launchers) launcher.close()
    },
  }
}

/** A project with an experiment in it, planned and executed by engines of these kinds. */
export class MixedLab {
  readonly lab: Lab
  readonly #file: string

  constructor(t: TestContext, source: string) {
    const project = new Project(t)
    this.#file = project.write('x.ts', source)
    this.lab = findLab(project.folder, project.lab)
  }

  async plan(replicate: string | null = null): Promise<RunFolder> {
    const launcher = localLauncher()
    try {
      return await planRun(this.lab, this.#file, launcher, new Date(), replicate)
    } finally {
      launcher.close()
    }
  }

  /** Executes what is missing, one engine of each kind. */
  async execute(
    run: RunFolder,
    kinds: readonly LocalOptions[],
    observer: Parameters<typeof executeRun>[4] = {},
    signal: Parameters<typeof executeRun>[3] = new AbortController().signal,
  ): Promise<Outcome> {
    const launcher = alternating(kinds)
    try {
      return await executeRun(this.lab, run, pool(launcher, { engines: kinds.length }), signal, observer)
    } finally {
      launcher.close()
    }
  }
}

/** The usual engine, and one of this kind. */
export function besides(kind: LocalOptions): readonly LocalOptions[] {
  return [HERE, kind]
}
