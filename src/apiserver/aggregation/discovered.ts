import type { APIResourceDiscovery, APISubresourceDiscovery } from '#api/apidiscovery/v2'
import type { APIResource } from '#api/meta/v1'

/** Resources as a server lists them for one group version, in the form that all of discovery in one document has. */
export function discoveredResources(resources: readonly APIResource[]): APIResourceDiscovery[] {
  return resources.flatMap((resource) => {
    const { name, namespaced, singularName, verbs, shortNames, categories } = resource
    if (name.includes('/')) return []
    const subresources = resources
      .filter((one) => one.name.startsWith(`${name}/`))
      .map((one): APISubresourceDiscovery => ({
        subresource: one.name.slice(name.length + 1),
        responseKind: kindOf(one),
        verbs: one.verbs,
      }))
    return [
      {
        resource: name,
        responseKind: kindOf(resource),
        scope: namespaced ? 'Namespaced' : 'Cluster',
        singularResource: singularName,
        verbs,
        ...(shortNames ? { shortNames } : {}),
        ...(categories ? { categories } : {}),
        ...(subresources.length === 0 ? {} : { subresources }),
      },
    ]
  })
}

function kindOf({ group = '', version = '', kind }: APIResource): {
  readonly group: string
  readonly version: string
  readonly kind: string
} {
  return { group, version, kind }
}

/** The list in an answer; `undefined` when it is none. */
export function resourceListIn(answer: string): readonly APIResource[] | undefined {
  try {
    const { resources } = JSON.parse(answer) as { readonly resources?: unknown }
    return Array.isArray(resources) ? (resources as readonly APIResource[]) : undefined
  } catch {
    return undefined
  }
}
