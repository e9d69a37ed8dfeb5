/**
 * Whether this process lives in a container, and which: kind and image, from the marks that engines leave in files and
 * variables. Nothing is started and no daemon asked.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface Container {
  readonly kind: 'apptainer' | 'singularity' | 'podman' | 'docker' | 'kubernetes' | 'lxc' | 'other'
  /** The image as its name was given, where the surroundings tell it; of a file its last name. */
  readonly image?: string
  /** Digest or id of the image, where it is told. */
  readonly digest?: string
}

/** The container that this process is in; null where there is no sign of one. `root` is where the file system begins. */
export function containerHere(
  env: Readonly<Record<string, string | undefined>> = process.env,
  root = '/',
): Container | null {
  const kind = kindOf(env, root)
  if (kind === null) return null
  const { image, digest } = imageOf(env, textOf(join(root, 'run/.containerenv')))
  return { kind, ...(image === null ? {} : { image }), ...(digest === null ? {} : { digest }) }
}

type Variables = Readonly<Record<string, string | undefined>>

function kindOf(env: Variables, root: string): Container['kind'] | null {
  if (env.APPTAINER_CONTAINER !== undefined || env.APPTAINER_NAME !== undefined) return 'apptainer'
  if (env.SINGULARITY_CONTAINER !== undefined || env.SINGULARITY_NAME !== undefined) return 'singularity'
  if (env.KUBERNETES_SERVICE_HOST !== undefined) return 'kubernetes'
  if (existsSync(join(root, 'run/.containerenv'))) return 'podman'
  if (existsSync(join(root, '.dockerenv'))) return 'docker'
  return toldBy(env.container ?? '') ?? toldBy(textOf(join(root, 'proc/self/cgroup')))
}

/** From the variable that container managers set, or the names of control groups. */
function toldBy(words: string): Container['kind'] | null {
  if (/kubepods/.test(words)) return 'kubernetes'
  if (/libpod|\bpodman\b/.test(words)) return 'podman'
  if (/\bdocker\b/.test(words)) return 'docker'
  if (/\blxc\b/.test(words)) return 'lxc'
  return /containerd|systemd-nspawn|\boci\b/.test(words) ? 'other' : null
}

function imageOf(env: Variables, podman: string): { image: string | null; digest: string | null } {
  const file = env.APPTAINER_CONTAINER ?? env.SINGULARITY_CONTAINER
  const name = file === undefined ? (env.APPTAINER_NAME ?? env.SINGULARITY_NAME) : basename(file)
  const image = reference(name ?? /^image="([^"\n]*)"$/m.exec(podman)?.[1] ?? '')
  const id = /^imageid="(?:sha256:)?([0-9a-f]{64})"$/m.exec(podman)?.[1] ?? null
  return { image, digest: /@sha256:([0-9a-f]{64})$/.exec(image ?? '')?.[1] ?? id }
}

/** An image's name, if it is one and nothing else: no user, no password, no address of a page. */
function reference(text: string): string | null {
  const isName = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,250}(@sha256:[0-9a-f]{64})?$/.test(text)
  return isName && !text.includes('//') ? text : null
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 10_000)
  } catch {
    return ''
  }
}
