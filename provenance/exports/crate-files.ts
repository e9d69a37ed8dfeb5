/** A crate's data entities: each file that lies in it, with its digest; the capsule's belongs to crate-workflow.ts. */
import type { Manifest } from '../manifest.ts'
import { type Entity, ref } from './crate-entity.ts'
import type { PayloadFile, PayloadKind } from './payload.ts'

const TOLD: Readonly<
  Record<Exclude<PayloadKind, 'capsule'>, { name: string; description: string; format: string }>
> = {
  manifest: {
    name: 'Manifest',
    description:
      'The record of the run: experiment, capsule, code, environment and the hashes of all results (reprise/manifest/1)',
    format: 'application/json',
  },
  leaves: {
    name: 'Leaf hashes',
    description: 'The leaf hash of every chunk, 32 bytes each, in order',
    format: 'application/octet-stream',
  },
  results: {
    name: 'Results',
    description: 'One JSON object a job in design order, or one a chunk where the experiment summarises',
    format: 'application/jsonl',
  },
  input: { name: 'Input', description: 'A file that the jobs read', format: 'application/octet-stream' },
  readme: {
    name: 'README',
    description: 'What this folder holds, and how to check it',
    format: 'text/markdown',
  },
}

export function fileEntities({ run }: Manifest, files: readonly PayloadFile[]): Entity[] {
  return files.flatMap(({ kind, path, sha256, bytes }) => {
    if (kind === 'capsule') return []
    const { name, description, format } = TOLD[kind]
    const names = Object.keys(run.inputs).filter((input) => kind === 'input' && run.inputs[input] === sha256)
    return {
      '@id': path,
      '@type': 'File',
      name: names.length === 0 ? name : `${name} ${names.join(', ')}`,
      description,
      encodingFormat: format,
      contentSize: String(bytes),
      sha256,
      ...(names.length === 0
        ? {}
        : { alternateName: names, exampleOfWork: names.map((input) => ref(inputId(input))) }),
      ...(kind === 'results' ? { exampleOfWork: ref('#output-results') } : {}),
      ...(kind === 'manifest' ? { exampleOfWork: ref('#output-manifest') } : {}),
      ...(kind === 'readme' ? { about: ref('./') } : {}),
    }
  })
}

/** The formal parameter of an input; its name has none but letters, digits, `_`, `.` and `-`. */
export function inputId(name: string): string {
  return `#input-${name}`
}
