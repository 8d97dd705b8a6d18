import { amountOf, Quantity } from '#machinery'
import type { ResourceList } from '#machinery'
import type { NodeMemory } from './blocks.ts'
import type { MachineMemory } from './blocks.ts'
import { isMemory } from './requests.ts'

/** Memory of a NUMA node as the kernel tells, bytes; huge pages come out of the whole. */
export interface NumaMemory {
  readonly id: number
  readonly bytes: number
  /** Bytes by size of page: `2Mi`. */
  readonly hugePages: { readonly [size: string]: number }
}

/** Memory of a NUMA node that is not for pods. */
export interface MemoryReservation {
  readonly numaNode: number
  readonly limits: ResourceList
}

/**
 * What NUMA nodes have for pods.
 *
 * @param reserved what the whole node keeps from pods.
 * @throws Error when the nodes' reservations do not add up to that.
 */
export function machineMemory(
  nodes: readonly NumaMemory[],
  reservations: readonly MemoryReservation[],
  reserved: ReadonlyMap<string, Quantity>,
): MachineMemory {
  const totals = totalsOf(nodes, reservations)
  for (const type of new Set([...totals.keys(), ...[...reserved.keys()].filter(isMemory)])) {
    const own = totals.get(type) ?? zero
    const wanted = reserved.get(type) ?? zero
    if (own.equals(wanted)) continue
    const values = `${quoted(own)} of type ${JSON.stringify(type)} is not equal to the value ${quoted(wanted)}`
    throw new Error(`the total amount ${values} determined by Node Allocatable feature`)
  }
  if ((totals.get('memory') ?? zero).sign() <= 0) {
    throw new Error('[memorymanager] you should specify the system reserved memory')
  }
  return new Map(nodes.map((node) => [node.id, tablesOf(node, reservations)]))
}

const zero = Quantity.of(0, 0, 'DecimalSI')
const quoted = (amount: Quantity): string => JSON.stringify(amount.toString())

function totalsOf(nodes: readonly NumaMemory[], reservations: readonly MemoryReservation[]): Map<string, Quantity> {
  const totals = new Map<string, Quantity>()
  for (const { numaNode, limits } of reservations) {
    if (!nodes.some(({ id }) => id === numaNode)) {
      const which = `references a NUMA node ${numaNode} that does not exist on this machine`
      throw new Error(`the reserved memory configuration ${which}`)
    }
    for (const [type, text] of Object.entries(limits)) {
      const before = totals.get(type)
      totals.set(type, before ? amountOf(text).add(before) : amountOf(text))
    }
  }
  return totals
}

function tablesOf(
  { id, bytes, hugePages }: NumaMemory,
  reservations: readonly MemoryReservation[],
): Map<string, NodeMemory> {
  const own = reservations.filter(({ numaNode }) => numaNode === id)
  const table = (type: string, total: number, usable: number): [string, NodeMemory] => {
    const systemReserved = own.reduce(
      (sum, { limits }) => sum + (limits[type] === undefined ? 0 : amountOf(limits[type]).value()),
      0,
    )
    return [type, { total, systemReserved, allocatable: usable - systemReserved }]
  }
  const sizes = Object.entries(hugePages)
  const inPages = sizes.reduce((sum, [, total]) => sum + total, 0)
  return new Map([
    ...sizes.map(([size, total]) => table(`hugepages-${size}`, total, total)),
    table('memory', bytes, bytes - inPages),
  ])
}
