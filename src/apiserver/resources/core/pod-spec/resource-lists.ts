import { isHugePages } from '../resource-names.ts'

/** Amounts by resource name, as the API writes them. */
export type ResourceList = { readonly [resource: string]: string }

/** Resources that a pod as a whole can ask for (KEP-2837). */
export const isPodLevelResource = (resource: string): boolean =>
  resource === 'cpu' || resource === 'memory' || isHugePages(resource)
