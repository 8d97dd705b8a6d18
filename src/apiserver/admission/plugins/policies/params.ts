import type { ParamKind, ParamRef } from '#api/admissionregistration/v1'
import { selectorOf } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Endpoint } from '../../../resource/resource.ts'
import type { Services } from '../../../services.ts'

export type Parameters = { readonly objects: readonly (KubeObject | undefined)[] } | { readonly error: string }

/**
 * The objects with which a policy is evaluated, once with each: none stands for a policy without parameters, and an empty
 * list for nothing to evaluate.
 */
export function parametersOf(
  kind: ParamKind | undefined,
  ref: ParamRef | undefined,
  namespace: string,
  services: Services,
): Parameters {
  if (!kind || !ref) return { objects: [undefined] }
  const endpoint = endpointOf(kind, services)
  if (endpoint?.backing.kind !== 'stored') return { objects: [] }
  const { objects } = services.registryOf(endpoint.backing.resource)
  const where = endpoint.namespaced ? ref.namespace || namespace : ''
  if (endpoint.namespaced && where === '')
    return { error: 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources' }
  const found: KubeObject[] = []
  if (ref.name) {
    const one = objects.peek(where, ref.name)
    if (one) found.push(one)
  } else {
    const selector = selectorOf(ref.selector ?? {})
    for (const each of objects.all(where)) if (selector.matches(each.metadata.labels ?? {})) found.push(each)
  }
  if (found.length > 0) return { objects: found }
  return ref.parameterNotFoundAction === 'Allow'
    ? { objects: [] }
    : { error: 'no params found for policy binding with `Deny` parameterNotFoundAction' }
}

function endpointOf({ apiVersion = '', kind = '' }: ParamKind, { resources }: Services): Endpoint | undefined {
  const slash = apiVersion.indexOf('/')
  return resources.ofKind(apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1), kind)
}

/** What is wrong with a policy itself, whatever its bindings say: its parameters are of a kind that nobody knows. */
export function misconfiguration(kind: ParamKind | undefined, services: Services): string | undefined {
  if (!kind || endpointOf(kind, services)?.backing.kind === 'stored') return undefined
  const named = `${kind.apiVersion ?? ''}, Kind=${kind.kind ?? ''}`
  return `failed to configure policy: failed to find resource referenced by paramKind: '${named}'`
}
