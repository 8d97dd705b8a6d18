import type { EndpointAddress, EndpointPort, EndpointSubset, Pod, Service } from '#api/core/v1'
import { canonicalIP, ipFamilyOf } from '#machinery'
import { canBeEndpoint, hostnameIn } from '../common/endpoints/pods.ts'
import { findPort } from '../common/endpoints/ports.ts'
import { repackSubsets } from '../common/endpoints/subsets.ts'
import { isPodReady } from '../common/pods/state.ts'

/** The subsets that a Service has through its pods. */
export function desiredSubsets(service: Service, pods: Iterable<Pod>): readonly EndpointSubset[] {
  const { ports = [], clusterIP, publishNotReadyAddresses = false } = service.spec
  const subsets: EndpointSubset[] = []
  for (const pod of pods) {
    if (!canBeEndpoint(pod, publishNotReadyAddresses)) continue
    const address = addressOf(service, pod)
    if (!address) continue
    const add = (port: readonly EndpointPort[]): void => {
      const ready = publishNotReadyAddresses || isPodReady(pod)
      subsets.push(ready ? { addresses: [address], ports: port } : { notReadyAddresses: [address], ports: port })
    }
    if (ports.length === 0 && clusterIP === 'None') add([])
    for (const each of ports) {
      const port = findPort(pod, each)
      if (port === undefined) continue
      const { name, protocol, appProtocol } = each
      add([
        {
          ...(name ? { name } : {}),
          port,
          ...(protocol ? { protocol } : {}),
          ...(appProtocol === undefined ? {} : { appProtocol }),
        },
      ])
    }
  }
  return repackSubsets(subsets)
}

/** The pod's address of the Service's first family; none when the pod has none of that family. */
function addressOf(service: Service, pod: Pod): EndpointAddress | undefined {
  const family = familyOf(service, pod)
  const found = pod.status?.podIPs?.find(({ ip }) => ipFamilyOf(ip) === family)
  if (!found) return undefined
  const { name, namespace, uid } = pod.metadata
  const hostname = hostnameIn(pod, service)
  return {
    ip: canonicalIP(found.ip) ?? found.ip,
    ...(hostname === undefined ? {} : { hostname }),
    nodeName: pod.spec.nodeName ?? '',
    targetRef: {
      kind: 'Pod',
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(uid === undefined ? {} : { uid }),
    },
  }
}

function familyOf({ spec }: Service, pod: Pod): 'IPv4' | 'IPv6' {
  const { ipFamilies = [], clusterIP = '' } = spec
  if (ipFamilies[0]) return ipFamilies[0]
  const known = clusterIP !== '' && clusterIP !== 'None' ? clusterIP : (pod.status?.podIP ?? '')
  return ipFamilyOf(known) === 'IPv6' ? 'IPv6' : 'IPv4'
}
