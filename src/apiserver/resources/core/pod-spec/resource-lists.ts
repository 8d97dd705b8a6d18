import type { Container, PodSpec } from '#api/core/v1'
import { Quantity } from '#machinery'
import { isHugePages } from '../resource-names.ts'
import { isSidecar } from './visit.ts'

/** Amounts by resource name, as the API writes them. */
export type ResourceList = { readonly [resource: string]: string }

type Amounts = Map<string, Quantity>

/**
 * What all containers of a pod take together: the sum of those that run side by side, or what an init container takes
 * beside the sidecars that start before it, whichever is more (KEP-753).
 */
export function aggregateResources(spec: PodSpec, kind: 'requests' | 'limits'): ReadonlyMap<string, Quantity> {
  const total: Amounts = new Map()
  const listOf = (container: Container): ResourceList => container.resources?.[kind] ?? {}
  for (const container of spec.containers ?? []) add(total, listOf(container))
  const sidecars: Amounts = new Map()
  const most: Amounts = new Map()
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) {
      add(total, listOf(container))
      add(sidecars, listOf(container))
      raise(most, sidecars)
    } else {
      const running = new Map(sidecars)
      add(running, listOf(container))
      raise(most, running)
    }
  }
  raise(total, most)
  return total
}

function add(total: Amounts, list: ResourceList): void {
  for (const [name, text] of Object.entries(list)) {
    const amount = Quantity.parse(text)
    total.set(name, total.get(name)?.add(amount) ?? amount)
  }
}

function raise(total: Amounts, other: ReadonlyMap<string, Quantity>): void {
  for (const [name, amount] of other) {
    const own = total.get(name)
    if (own === undefined || amount.compare(own) > 0) total.set(name, amount)
  }
}

/** Resources that a pod as a whole can ask for (KEP-2837). */
export const isPodLevelResource = (resource: string): boolean =>
  resource === 'cpu' || resource === 'memory' || isHugePages(resource)
