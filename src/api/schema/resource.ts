/**
 * A resource as clients name it. `T` is the type of its objects; it exists at compile time only.
 */
export interface Resource<T = unknown> {
  readonly group: string
  readonly version: string
  /** Plural name, as in paths. */
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
  readonly type?: T
}

/** `group/version`, or the version alone for the core group: the `apiVersion` of objects. */
export function apiVersionOf(resource: { readonly group: string; readonly version: string }): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
}
