import type { IPFamily } from '#machinery'
import type { ServicePortRules } from '#proxy'
import { protocolWords } from './family.ts'
import { mapOf, targetPortOf, targetPortsOf } from './layout.ts'
import { names } from './names.ts'

/** Elements below which the kernel's growing tables are as good as any. */
const small = 4096

/** Sizes of sets and maps, by name. */
export type Room = ReadonlyMap<string, number>

/**
 * Room for the sets and maps that hold many elements: twice what they need now, as a power of two. The kernel then takes a
 * table of fixed size, which is filled a third faster than one that grows, and searched faster.
 */
export function roomFor(servicePorts: Iterable<ServicePortRules>, family: IPFamily): Room {
  const room = new Map<string, number>()
  for (const [name, number] of elementsOf(servicePorts, family)) {
    if (number > small) room.set(name, 2 ** Math.ceil(Math.log2(number * 2)))
  }
  return room
}

/**
 * Whether there are more elements than the room that was made.
 *
 * @param leaving elements that are on their way out and still take room, by name of their set or map.
 */
export function isOutgrown(
  room: Room,
  servicePorts: Iterable<ServicePortRules>,
  family: IPFamily,
  leaving: ReadonlyMap<string, number>,
): boolean {
  if (room.size === 0) return false
  const elements = elementsOf(servicePorts, family)
  return [...room].some(([name, size]) => (elements.get(name) ?? 0) + (leaving.get(name) ?? 0) > size)
}

/** Number of elements of the sets and maps that can become large. */
function elementsOf(servicePorts: Iterable<ServicePortRules>, family: IPFamily): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const count = (name: string, more: number): void => void counts.set(name, (counts.get(name) ?? 0) + more)
  for (const rules of servicePorts) {
    if (rules.family !== family) continue
    count(names.clusterIPs, 1)
    const mixed = targetPortOf(rules) === undefined
    for (const { address, route } of rules.frontends) {
      if (route === 'Reject' || route === 'Drop') continue
      const protocol = protocolWords[rules.protocol]
      const onNode = address === undefined
      count(onNode ? names.nodePorts : names.services, 1)
      const list = onNode ? 'node-port-endpoints' : 'endpoints'
      if (route !== 'Local') count(mapOf(protocol, list, mixed), rules.endpoints.length)
      if (!mixed) count(targetPortsOf(protocol, onNode), 1)
    }
  }
  return counts
}
