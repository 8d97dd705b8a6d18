/** An image name taken apart: `docker.io/library/nginx`, and its tag or digest. */
export interface ImageReference {
  /** With registry, and `library/` for Docker's own. */
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
}

const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const host =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::\d+)?$/
const tagPattern = /^\w[\w.-]{0,127}$/
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/

const invalid = 'invalid reference format'

/** @throws Error with the message users see. */
export function parseImage(image: string): ImageReference {
  const refuse = (why: string): never => {
    throw new Error(`couldn't parse image name ${JSON.stringify(image)}: ${why}`)
  }
  if (/^[a-f0-9]{64}$/.test(image))
    refuse(`invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`)
  const at = image.indexOf('@')
  const digest = at < 0 ? undefined : image.slice(at + 1)
  const named = at < 0 ? image : image.slice(0, at)
  const colon = named.lastIndexOf(':')
  const hasTag = colon > named.lastIndexOf('/')
  const tag = hasTag ? named.slice(colon + 1) : undefined
  const name = hasTag ? named.slice(0, colon) : named
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const hasHost = first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase()
  const registry = hasHost ? (first === 'index.docker.io' ? 'docker.io' : first) : 'docker.io'
  let path = hasHost ? name.slice(slash + 1) : name
  if (registry === 'docker.io' && !path.includes('/')) path = `library/${path}`
  const [repository = ''] = path.split(':', 1)
  if (repository !== repository.toLowerCase()) refuse(`${invalid}: repository name (${repository}) must be lowercase`)
  if (!host.test(registry) || !path.split('/').every((part) => component.test(part))) refuse(invalid)
  if (tag !== undefined && !tagPattern.test(tag)) refuse(invalid)
  if (digest !== undefined && !digestPattern.test(digest)) refuse(invalid)
  return {
    repository: `${registry}/${path}`,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  }
}

/** The name with the tag it means: `latest` where it has neither tag nor digest. */
export function withDefaultTag(image: string): string {
  const { tag, digest } = parseImage(image)
  return tag === undefined && digest === undefined ? `${image}:latest` : image
}

/** The name as runtimes tell it: with registry, and with the tag or digest it means. The name itself where it is none. */
export function fullName(image: string): string {
  try {
    const { repository, tag, digest } = parseImage(image)
    if (digest !== undefined) return `${repository}@${digest}`
    return `${repository}:${tag ?? 'latest'}`
  } catch {
    return image
  }
}

/** What people wrote, without tag and digest. */
export function withoutTag(image: string): string {
  const [named = ''] = image.split('@')
  const colon = named.lastIndexOf(':')
  return colon > named.lastIndexOf('/') ? named.slice(0, colon) : named
}
