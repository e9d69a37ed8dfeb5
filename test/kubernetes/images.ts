/** Names of container images, and what a kubelet says of them. */
import { createHash } from 'node:crypto'

const NAME =
  /^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-.]*[a-zA-Z0-9])?)(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/

export const isImageName = (name: string) => NAME.test(name)

/** With registry and tag, as a container runtime knows it: `docker.io/library/node:20-slim`. */
export function wholeName(name: string): string {
  const [first, ...rest] = name.split('/')
  const registry = rest.length > 0 && /[.:]|^localhost$/.test(first!)
  const inHub = rest.length === 0 ? `docker.io/library/${name}` : `docker.io/${name}`
  const whole = registry ? name : inHub
  return /[:@][^/]*$/.test(whole) ? whole : `${whole}:latest`
}

/** `docker.io/library/node@sha256:…`. */
export function imageId(name: string): string {
  const whole = wholeName(name)
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(whole)?.[1] ?? digestOf(whole)
  return `${whole.replace(/(:[^/@]*)?(@.*)?$/, '')}@${digest}`
}

/** The stand-in's registry: an image's digest is that of its name. */
const digestOf = (whole: string) => `sha256:${createHash('sha256').update(whole).digest('hex')}`

/** Whether an image is in an allow-list of names, where one that ends in `*` stands for all that begin so. */
export function isListed(name: string, list: readonly string[]): boolean {
  return list.some((each) =>
    each.endsWith('*')
      ? wholeName(name).startsWith(wholeName(each.slice(0, -1)).replace(/:latest$/, ''))
      : wholeName(each) === wholeName(name),
  )
}
