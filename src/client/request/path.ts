import type { Resource } from '#api'

/** Characters that stand in a path as they are; everything else is escaped. */
const plain = /^[A-Za-z0-9\-._~$&+,:;=@]*$/

const prefixes = new WeakMap<Resource, string>()

/** `/api/v1` for the core group, `/apis/<group>/<version>` for the others. */
function prefixOf(resource: Resource): string {
  let prefix = prefixes.get(resource)
  if (prefix === undefined) {
    prefix = resource.group === '' ? `/api/${resource.version}` : `/apis/${segment(resource.group)}/${resource.version}`
    prefixes.set(resource, prefix)
  }
  return prefix
}

/** Path of all objects of a resource, or of those in one namespace. */
export function collectionPath(resource: Resource, namespace?: string): string {
  return namespace && resource.namespaced
    ? `${prefixOf(resource)}/namespaces/${segment(namespace)}/${resource.plural}`
    : `${prefixOf(resource)}/${resource.plural}`
}

/**
 * Path of one object, or of one of its subresources.
 *
 * @throws Error when the name can't stand in a path, or a namespaced resource comes without a namespace: such a path
 * would silently mean something else.
 */
export function objectPath(resource: Resource, namespace: string | undefined, name: string, subresource = ''): string {
  if (name === '') throw new Error('resource name may not be empty')
  if (resource.namespaced && !namespace) {
    throw new Error('an empty namespace may not be set when a resource name is provided')
  }
  if (name === '.' || name === '..' || name.includes('/') || name.includes('%')) {
    throw new Error(`invalid resource name ${JSON.stringify(name)}: ${whyInvalid(name)}`)
  }
  const path = `${collectionPath(resource, namespace)}/${segment(name)}`
  return subresource === '' ? path : `${path}/${subresource}`
}

function whyInvalid(name: string): string {
  if (name === '.' || name === '..') return `[may not be '${name}']`
  const found = ['/', '%'].filter((part) => name.includes(part))
  return `[${found.map((part) => `may not contain '${part}'`).join(' ')}]`
}

function segment(text: string): string {
  return plain.test(text) ? text : encodeURIComponent(text)
}
