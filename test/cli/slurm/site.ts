/** Projects whose user has a real Slurm cluster, named `lab` in the user's own configuration. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { SlurmProfile } from '../../../runners/slurm/profile.ts'
import { type SlurmCluster, startSlurm } from '../../slurm/cluster.ts'
import type { SlurmSettings } from '../../slurm/configuration.ts'
import { configure } from '../cluster/site.ts'
import { Project } from '../project.ts'

export class SlurmSite {
  readonly slurm: SlurmCluster
  /** The folder that all nodes see. */
  readonly directory: string
  readonly #t: TestContext

  private constructor(t: TestContext, slurm: SlurmCluster, directory: string) {
    this.#t = t
    this.slurm = slurm
    this.directory = directory
  }

  static async start(t: TestContext, settings: SlurmSettings = {}): Promise<SlurmSite> {
    const shared = mkdtempSync(join(tmpdir(), 'reprise-shared-'))
    t.after(() => rmSync(shared, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
    const slurm = await startSlurm(t, { nodes: 2, cpus: 2, ...settings }) // ends before the folder goes
    return new SlurmSite(t, slurm, join(shared, 'reprise'))
  }

  /** A project of a user who has the cluster. */
  project(files: Readonly<Record<string, string>> = {}, more: Partial<SlurmProfile> = {}): Project {
    const project = new Project(this.#t, files, this.slurm.env)
    const profile: SlurmProfile = { kind: 'slurm', directory: this.directory, taskTime: 5, ...more }
    mkdirSync(project.path('home/.config'), { recursive: true })
    configure(project, { lab: profile })
    return project
  }
}
