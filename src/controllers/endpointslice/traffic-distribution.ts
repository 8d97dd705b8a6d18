import type { Service } from '#api/core/v1'
import type { Endpoint, EndpointHints, EndpointSlice } from '#api/discovery/v1'
import { deepEqual } from '#base'
import { draftOf, endpointsOf } from './slices.ts'
import type { SlicePlan } from './slices.ts'

const distributions: ReadonlySet<string> = new Set(['PreferClose', 'PreferSameZone', 'PreferSameNode'])

/** Whether traffic prefers near endpoints by the field of the Service; the older annotation goes first. */
export function distributesTraffic({ spec, metadata }: Service): boolean {
  return distributions.has(spec.trafficDistribution ?? '') && !usesTopologyMode(metadata.annotations)
}

/** The annotation by which endpoints are shared out over zones. */
export function usesTopologyMode(annotations: { readonly [key: string]: string } = {}): boolean {
  const mode =
    annotations['service.kubernetes.io/topology-aware-hints'] ?? annotations['service.kubernetes.io/topology-mode']
  return mode === 'Auto' || mode === 'auto'
}

export const isReadyEndpoint = ({ conditions }: Endpoint): boolean => conditions?.ready === true

export function withoutHints(endpoint: Endpoint): Endpoint {
  if (endpoint.hints === undefined) return endpoint
  const { hints: _, ...others } = endpoint
  return others
}

/** Every ready endpoint is for its own zone, and with PreferSameNode for its own node (KEP-3015). */
export function addNearHints(plan: SlicePlan, unchanged: readonly EndpointSlice[], distribution: string): void {
  const nodes = distribution === 'PreferSameNode'
  for (const slice of unchanged) {
    const wrong = endpointsOf(slice).some(
      (each) => isReadyEndpoint(each) && !deepEqual(plainHints(each.hints), plainHints(nearHints(each, nodes))),
    )
    if (wrong) plan.update.push(draftOf(slice))
  }
  for (const draft of [...plan.create, ...plan.update]) {
    draft.endpoints = draft.endpoints.map((endpoint) => {
      if (!isReadyEndpoint(endpoint)) return endpoint
      const hints = nearHints(endpoint, nodes)
      return hints === undefined ? withoutHints(endpoint) : { ...endpoint, hints }
    })
  }
}

function nearHints({ zone, nodeName }: Endpoint, nodes: boolean): EndpointHints | undefined {
  const forNode = nodes && nodeName !== undefined
  if (zone === undefined && !forNode) return undefined
  return {
    ...(zone === undefined ? {} : { forZones: [{ name: zone }] }),
    ...(forNode ? { forNodes: [{ name: nodeName }] } : {}),
  }
}

const plainHints = (hints: EndpointHints | undefined): object => ({
  zones: hints?.forZones ?? [],
  nodes: hints?.forNodes ?? [],
})

/** Nobody asks for hints: those that are there go. */
export function removeHints(plan: SlicePlan, unchanged: readonly EndpointSlice[]): void {
  for (const slice of unchanged) {
    if (endpointsOf(slice).some(({ hints }) => hints !== undefined)) plan.update.push(draftOf(slice))
  }
  for (const draft of [...plan.create, ...plan.update]) draft.endpoints = draft.endpoints.map(withoutHints)
}
