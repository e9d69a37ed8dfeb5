/** What a station can be asked to do. A verb is one function in a file of its own; what it is called is said here. */
import { binaryDigest } from '../../binary.ts'
import type { Verb } from './answer.ts'
import { clean } from './clean.ts'
import { facts } from './facts.ts'
import { lacking, put } from './keep.ts'
import { launch } from './launch.ts'
import { ask } from './roles.ts'

export const VERBS: Readonly<Record<string, Verb>> = {
  facts,
  lacking,
  put,
  launch,
  clean,
  ping: () => null,
  binary: () => binaryDigest(process.execPath),
  fingerprint: (_, { signal }) => ask('fingerprint', signal),
}
