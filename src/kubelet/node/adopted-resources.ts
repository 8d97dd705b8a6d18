import type { NodeStatus } from '#api/core/v1'
import type { ResourceList } from '#machinery'
import { isExtendedResource } from '../devices/extended.ts'

/**
 * What a node that was registered before has, as its agent begins: huge pages are of the sizes that the machine has now.
 *
 * @param before as the API has it.
 * @param own as it would be registered.
 * @param isNew whether device plugins are new to the node: what it had of extended resources it has no longer until
 *   somebody says so again.
 */
export function adoptedResources(before: NodeStatus, own: NodeStatus, isNew: boolean): NodeStatus {
  const adopted = (had: ResourceList = {}, has: ResourceList = {}): ResourceList => ({
    ...Object.fromEntries(
      Object.entries(had)
        .filter(([name]) => !isHugePages(name))
        .map(([name, amount]) => [name, isNew && isExtendedResource(name) ? '0' : amount]),
    ),
    ...Object.fromEntries(Object.entries(has).filter(([name]) => isHugePages(name))),
  })
  return {
    ...before,
    capacity: adopted(before.capacity, own.capacity),
    allocatable: adopted(before.allocatable, own.allocatable),
  }
}

const isHugePages = (name: string): boolean => name.startsWith('hugepages-')
