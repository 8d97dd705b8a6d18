import type { Container, ContainerExtendedResourceRequest, Pod } from '#api/core/v1'
import type { DeviceRequest, ResourceClaim } from '#api/resource/v1'
import { amountOf, isSidecar } from '#machinery'

/** Says that a claim was made for extended resources of its pod. */
export const extendedAnnotation = 'resource.kubernetes.io/extended-resource-claim'

/** A claim for the extended resources of a pod that devices stand for on a node, and who gets which of them. */
export interface ExtendedClaim {
  readonly claim: ResourceClaim
  readonly mappings: readonly ContainerExtendedResourceRequest[]
}

/** @param classOf the class of a resource that devices stand for. @param resources those that are needed */
export function extendedClaim(
  pod: Pod,
  resources: readonly string[],
  classOf: (resource: string) => string | undefined,
): ExtendedClaim {
  const requests: DeviceRequest[] = []
  const mappings: ContainerExtendedResourceRequest[] = []
  for (const resource of [...resources].sort()) {
    const className = classOf(resource)
    if (className === undefined) continue
    const found = requestsFor(pod, resource, className)
    requests.push(...found.requests)
    mappings.push(...found.mappings)
  }
  requests.sort((a, b) => (a.name < b.name ? -1 : 1))
  const { namespace = '', name = '', uid = '' } = pod.metadata
  const metadata = {
    namespace,
    generateName: `${name}-extended-resources-`,
    ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid, controller: true }],
    annotations: { [extendedAnnotation]: 'true' },
  }
  return { claim: { metadata, spec: { devices: { requests } } }, mappings }
}

interface Found {
  readonly requests: readonly DeviceRequest[]
  readonly mappings: readonly ContainerExtendedResourceRequest[]
}

/**
 * Containers that run side by side get devices each. Those that end before use what later ones get, and more only as far
 * as that is too little; of what they need beyond, the most is enough.
 */
function requestsFor({ spec }: Pod, resource: string, className: string): Found {
  const init = spec?.initContainers ?? []
  const containers = [...init, ...(spec?.containers ?? [])]
  const isShort = (index: number): boolean => index < init.length && !isSidecar(containers[index]!)
  const own: (DeviceRequest | undefined)[] = containers.map((container, index) =>
    isShort(index) ? undefined : requestOf(container, index, resource, className, 0),
  )
  const mappings: ContainerExtendedResourceRequest[] = []
  own.forEach((request, index) => {
    if (request) mappings.push(mappingOf(containers[index]!, resource, request.name))
  })
  let most: DeviceRequest | undefined
  const extra: { readonly container: Container }[] = []
  containers.forEach((container, index) => {
    if (!isShort(index)) return
    const wanted = wantedOf(container, resource)
    if (wanted === 0) return
    let had = 0
    for (const later of own.slice(index)) {
      if (had >= wanted) break
      if (!later) continue
      had += later.exactly?.count ?? 0
      mappings.push(mappingOf(container, resource, later.name))
    }
    if (had >= wanted) return
    const request = requestOf(container, index, resource, className, had)
    if (request && (!most || (most.exactly?.count ?? 0) < (request.exactly?.count ?? 0))) most = request
    extra.push({ container })
  })
  const beyond = most
  if (beyond) for (const { container } of extra) mappings.push(mappingOf(container, resource, beyond.name))
  const requests = own.flatMap((request) => request ?? [])
  return { requests: beyond ? [beyond, ...requests] : requests, mappings }
}

function wantedOf({ resources }: Container, resource: string): number {
  const text = resources?.requests?.[resource]
  return text === undefined ? 0 : amountOf(text).value()
}

function requestOf(
  container: Container,
  index: number,
  resource: string,
  className: string,
  had: number,
): DeviceRequest | undefined {
  const wanted = wantedOf(container, resource)
  if (wanted === 0) return undefined
  const at = Object.keys(container.resources?.requests ?? {})
    .sort()
    .indexOf(resource)
  return {
    name: `container-${index}-request-${at}`,
    exactly: { deviceClassName: className, allocationMode: 'ExactCount', count: wanted - had },
  }
}

function mappingOf({ name }: Container, resourceName: string, requestName: string): ContainerExtendedResourceRequest {
  return { containerName: name, resourceName, requestName }
}
