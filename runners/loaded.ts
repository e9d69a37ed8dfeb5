/**
 * A capsule, loaded: the user's experiment together with what was attached to it when the capsule was made (the
 * result schema's validator, the program's files, the digests of its inputs). It can execute any of its chunks.
 */
import { toHex } from '../lib/digest.ts'
import type { ExperimentDocument } from '../lib/document.ts'
import { experimentHash } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { type Executed, executeChunk, type Ports } from '../lib/execute.ts'
import { type Input, isExperiment, type Work } from '../lib/experiment.ts'
import { drawFrom } from './chance.ts'
import { guarded, setPolicy } from './guard.ts'
import type { Description, Touch } from './protocol.ts'

/** Made by the capsule builder; see provenance/capsule.ts. */
export interface Attachments {
  readonly validate: ((result: unknown) => boolean) | null
  /** Contents in base64 by path. */
  readonly files: Readonly<Record<string, string>>
  /** SHA-256 (hex) by name. */
  readonly inputs: Readonly<Record<string, string>>
}

export interface Surroundings {
  /** The bytes of an input file by its SHA-256, checked. */
  readonly inputBytes: (digest: string, name: string) => Uint8Array
  readonly log: (words: readonly unknown[]) => void
  readonly at: (job: number) => void
  /** What user code touched that may not be the same elsewhere. */
  readonly touched: (touch: Touch) => void
  /** How to execute a program in another language, where that is possible. */
  readonly programWork: ((loaded: Loaded) => Work) | null
}

export interface Loaded {
  readonly document: ExperimentDocument
  readonly hash: Uint8Array
  readonly description: Description
  readonly attachments: Attachments
  execute(chunk: number, surroundings: Surroundings): Promise<Executed>
}

/** Takes the user's module and its attachments. Throws `invalid-experiment` where it exports no experiment. */
export function load(module: { readonly default?: unknown }, attachments: Attachments): Loaded {
  const made = module.default
  if (!isExperiment(made)) {
    const what = made === undefined ? 'has no default export' : 'has a default export that is no experiment'
    throw new RepriseError('invalid-experiment', what, {
      remedy: 'Write: export default experiment({ … }) (or map or command) from "reprise"',
    })
  }
  const { document, result, inputs, probes, labels, program, math, guard } = made
  const hash = experimentHash(document)
  let work = made.work
  const loaded: Loaded = {
    document,
    hash,
    description: { document, hash: toHex(hash), result, inputs, probes, labels, program, math, guard },
    attachments,
    async execute(chunk, surroundings) {
      work ??= programWork(loaded, surroundings)
      const ports = portsOf(attachments, surroundings)
      try {
        return await guarded(surroundings.touched, () => executeChunk(document, hash, work!, chunk, ports))
      } finally {
        drawFrom(null)
      }
    },
  }
  setPolicy(guard)
  drawFrom(null)
  return loaded
}

function programWork(loaded: Loaded, surroundings: Surroundings): Work {
  if (surroundings.programWork === null) {
    throw new RepriseError('engine', 'this experiment starts a program, which cannot be done here', {
      remedy: 'Execute it with Node',
    })
  }
  return surroundings.programWork(loaded)
}

function portsOf(attachments: Attachments, surroundings: Surroundings): Ports {
  const { validate } = attachments
  return {
    input: inputOf(attachments, surroundings),
    log: surroundings.log,
    at: surroundings.at,
    chance: drawFrom,
    validate: validate === null ? null : (result) => (validate(result) ? null : complaint(validate)),
  }
}

function inputOf(attachments: Attachments, { inputBytes }: Surroundings): Input {
  const bytesOf = (name: string) => {
    if (!Object.hasOwn(attachments.inputs, name)) {
      throw new RepriseError('not-found', `there is no input ${JSON.stringify(name)}`, {
        remedy: 'Declare it: experiment({ inputs: { name: path } })',
      })
    }
    return inputBytes(attachments.inputs[name]!, name)
  }
  const input = (name: string) => new Uint8Array(bytesOf(name))
  const text = (name: string) => new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(name))
  return Object.assign(input, { text })
}

/** What ajv's standalone validator says of the result that it has just refused. */
function complaint(validate: object): string {
  const [first] = (validate as { errors?: { instancePath: string; message?: string }[] }).errors ?? []
  const path = (first?.instancePath ?? '').replaceAll('/', '.')
  return `result${path} ${first?.message ?? 'does not match the schema'}`
}
