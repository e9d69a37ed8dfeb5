/**
 * What a run or a registration is about, taken from an experiment file as it is now: capsule, inputs and code identity,
 * kept in the lab by their digests. Until all of that has succeeded the lab is as it was.
 */

import type { Capsule } from '../provenance/capsule.ts'
import { type CodeIdentity, identifyCode } from '../provenance/code.ts'
import type { Mapping } from '../provenance/mapped-module.ts'
import { readRepository } from '../provenance/repository.ts'
import type { LocalLauncher } from '../runners/launcher.ts'
import type { Description } from '../runners/protocol.ts'
import { checkBundled, checkRepository } from './audited.ts'
import { type Lab, makeLab } from './lab.ts'
import { demandLedger } from './ledger.ts'
import { checkFile, makeCapsule } from './make-capsule.ts'
import { keepCapsule, keepInput, keepObject, trustCapsule } from './objects.ts'

export interface Captured {
  /** Absolute path of the experiment's file. */
  readonly path: string
  readonly capsule: Capsule
  readonly description: Description
  /** SHA-256 (hex) by name. */
  readonly inputs: Readonly<Record<string, string>>
  readonly code: CodeIdentity
}

/** `audited` refuses code that no commit has. Throws `not-found`, `capsule`, `invalid-experiment`, `not-intact` or `refused`. */
export async function capture(
  lab: Lab,
  file: string,
  launcher: LocalLauncher,
  audited: boolean,
  mapping: Mapping | null = null,
): Promise<Captured> {
  const path = checkFile(file)
  demandLedger(lab) // one that was changed is told before anything is planned
  const reading = readRepository(path)
  if (audited) checkRepository(await reading, file)
  const { capsule, description, inputs, files } = await makeCapsule(path, launcher, mapping)
  const code = await identifyCode(await reading, path, files)
  if (audited) checkBundled(code, file)
  makeLab(lab)
  keepCapsule(lab, capsule)
  trustCapsule(lab, capsule.digest)
  for (const object of code.objects) keepObject(lab, object)
  for (const [name, input] of Object.entries(inputs)) keepInput(lab, input, `inputs.${name}`)
  const digests = Object.fromEntries(Object.entries(inputs).map(([name, { digest }]) => [name, digest]))
  return { path, capsule, description, inputs: digests, code: code.identity }
}
