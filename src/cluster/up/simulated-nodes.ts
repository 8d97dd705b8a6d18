import type { SimulatedNode } from '#simulation'

/** Nodes that pretend to be machines of a usual size. Those that are given no addresses for pods take from 10.128.0.0/10. */
export function simulatedNodes(names: readonly string[]): SimulatedNode[] {
  return names.map((name, index) => ({
    name,
    address: `10.${192 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`,
    capacity: { cpu: '8', memory: '32Gi', 'ephemeral-storage': '200Gi', pods: '110' },
    podBlock: `10.${128 + (index >> 8)}.${index & 255}.0/24`,
  }))
}
