import type { Container, Pod } from '#api/core/v1'
import { mayBeClaimed } from './pod-claims.ts'

/** A pod without requests for extended resources that it has from a claim instead: the node need not have them. */
export function withoutClaimed(pod: Pod): Pod {
  const mappings = pod.status?.extendedResourceClaimStatus?.requestMappings ?? []
  if (mappings.length === 0) return pod
  const rest = <T extends Container>(container: T): T => {
    const claimed = new Set(
      mappings.filter(({ containerName }) => containerName === container.name).map(({ resourceName }) => resourceName),
    )
    const requests = Object.entries(container.resources?.requests ?? {}).filter(
      ([resource]) => !(claimed.has(resource) && mayBeClaimed(resource)),
    )
    return { ...container, resources: { ...container.resources, requests: Object.fromEntries(requests) } }
  }
  const { containers, initContainers } = pod.spec
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: containers.map(rest),
      ...(initContainers ? { initContainers: initContainers.map(rest) } : {}),
    },
  }
}
