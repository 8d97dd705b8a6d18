import { ipFamilyOf } from '#machinery'
import type { IPFamily } from '#machinery'
import type { Services } from '../../../../services.ts'
import { ServiceAddresses } from './addresses.ts'
import type { ClusterFamilies } from './families.ts'
import { NodePorts } from './node-ports.ts'

/** What services of a cluster take their addresses and ports from. */
export interface Allocators {
  readonly families: ClusterFamilies
  readonly addresses: ServiceAddresses
  readonly ports: NodePorts
}

const made = new WeakMap<Services, Allocators>()

/** The allocators of an API server. */
export function allocatorsOf(services: Services): Allocators {
  let allocators = made.get(services)
  if (!allocators) {
    const { cidrs, nodePorts } = services.serviceNetwork
    const [first = 'IPv4', second]: readonly IPFamily[] = cidrs.map(ipFamilyOf)
    allocators = {
      families: second === undefined ? [first] : [first, second],
      addresses: new ServiceAddresses(services),
      ports: new NodePorts(services.store, services.clock, nodePorts),
    }
    made.set(services, allocators)
  }
  return allocators
}
