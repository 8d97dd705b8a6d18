import { apiVersionOf, groupVersions } from '#api'
import type { Resource } from '#api'

const builtIn: ReadonlySet<string> = new Set([...groupVersions.values()].map((data) => apiVersionOf(data)))

/** Whether a resource is one of the API itself, which don't go while a server runs. */
export const isBuiltIn = (resource: Resource): boolean => builtIn.has(apiVersionOf(resource))
