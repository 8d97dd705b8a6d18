import type { ContainerPort, Pod } from '#api/core/v1'
import { canonicalIP, ipFamilyOf } from '#machinery'
import type { IPFamily } from '#machinery'

/** A port of the node that leads to a pod. */
export interface HostPort {
  readonly family: IPFamily
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
  /** Address of the node it is open on; all of them when absent. */
  readonly hostIP?: string
  readonly hostPort: number
  readonly podIP: string
  readonly containerPort: number
}

/** Whether ports of the node are to lead to a pod. Pods in the node's own network need none. */
export const asksForHostPorts = (pod: Pod): boolean => pod.spec.hostNetwork !== true && declaredPorts(pod).length > 0

/** Host ports of pods that have an address and have not ended. */
export function hostPortsOf(pods: Iterable<Pod>): readonly HostPort[] {
  const ports: HostPort[] = []
  for (const pod of pods) {
    const { status } = pod
    if (!asksForHostPorts(pod) || status?.phase === 'Succeeded' || status?.phase === 'Failed') continue
    const addresses = (status?.podIPs ?? []).map(({ ip }) => canonicalIP(ip)).filter((ip) => ip !== undefined)
    for (const { hostPort = 0, containerPort, protocol = 'TCP', hostIP = '' } of declaredPorts(pod)) {
      const bound = canonicalIP(hostIP)
      const anywhere = bound === undefined || bound === '0.0.0.0' || bound === '::'
      for (const podIP of addresses) {
        const family = ipFamilyOf(podIP)
        if (bound !== undefined && ipFamilyOf(bound) !== family) continue
        ports.push({ family, protocol, hostPort, podIP, containerPort, ...(anywhere ? {} : { hostIP: bound }) })
      }
    }
  }
  return ports
}

const declaredPorts = ({ spec }: Pod): ContainerPort[] =>
  [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ ports = [] }) =>
    ports.filter(({ hostPort }) => hostPort),
  )
