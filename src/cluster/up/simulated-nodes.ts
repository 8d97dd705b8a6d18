import type { IPFamily } from '#machinery'
import type { SimulatedNode } from '#simulation'

/**
 * Nodes that pretend to be machines of a usual size, with addresses of a family. Those that are given no addresses for pods
 * take from 10.128.0.0/10, or from fd84:80::/32.
 */
export function simulatedNodes(names: readonly string[], family: IPFamily = 'IPv4'): SimulatedNode[] {
  return names.map((name, index) => ({
    name,
    capacity: { cpu: '8', memory: '32Gi', 'ephemeral-storage': '200Gi', pods: '110' },
    ...(family === 'IPv4'
      ? {
          address: `10.${192 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`,
          podBlock: `10.${128 + (index >> 8)}.${index & 255}.0/24`,
        }
      : {
          address: `fd84:c0::${(index + 1).toString(16)}`,
          podBlock: `fd84:80:${index.toString(16)}::/64`,
        }),
  }))
}
