import { deepEqual } from '#base'
import type { Pod, Service } from '#api/core/v1'
import { isPodReady, isPodTerminal } from '../pods/state.ts'

/** Whether a pod can be an endpoint: it has an address and its containers have not ended for good. */
export function canBeEndpoint(pod: Pod, includeTerminating: boolean): boolean {
  if (isPodTerminal(pod)) return false
  if (!pod.status?.podIP && (pod.status?.podIPs ?? []).length === 0) return false
  return includeTerminating || pod.metadata.deletionTimestamp === undefined
}

/** Host name of the pod under the name of the Service, `undefined` when it has none there. */
export function hostnameIn({ spec, metadata }: Pod, service: Service): string | undefined {
  const { hostname, subdomain } = spec
  if (!hostname || subdomain !== service.metadata.name) return undefined
  return metadata.namespace === service.metadata.namespace ? hostname : undefined
}

/** What of a change of a pod concerns Services. */
export interface EndpointChange {
  /** State or addresses changed: for every Service that selects it. */
  readonly state: boolean
  /** Labels or names changed: for Services that begin or cease to select it. */
  readonly labels: boolean
}

export function endpointChange(old: Pod, pod: Pod): EndpointChange {
  const labels =
    !deepEqual(old.metadata.labels ?? {}, pod.metadata.labels ?? {}) ||
    (old.spec.hostname ?? '') !== (pod.spec.hostname ?? '') ||
    (old.spec.subdomain ?? '') !== (pod.spec.subdomain ?? '')
  const state =
    old.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp ||
    isPodReady(old) !== isPodReady(pod) ||
    isPodTerminal(old) !== isPodTerminal(pod) ||
    !deepEqual(old.status?.podIPs ?? [], pod.status?.podIPs ?? [])
  return { state, labels }
}
