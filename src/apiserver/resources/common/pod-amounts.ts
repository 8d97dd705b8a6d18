import type { Pod } from '#api/core/v1'
import { Quantity } from '#machinery'

/** Amounts by resource. */
export type Amounts = ReadonlyMap<string, Quantity>

export function amountsOf(list: { readonly [resource: string]: string } = {}): Amounts {
  return new Map(Object.entries(list).map(([name, text]) => [name, Quantity.parse(text)]))
}

const podLevel: ReadonlySet<string> = new Set(['cpu', 'memory'])

/**
 * What a pod asks for, or is limited to, as a whole: the sum of its containers and sidecars, or what its start needs
 * where that is more (KEP-753); what the pod itself says counts before both (KEP-2837). Overhead is not in it.
 */
export function podAmounts({ spec }: Pod, kind: 'requests' | 'limits'): Amounts {
  const total = new Map<string, Quantity>()
  for (const { resources } of spec.containers) add(total, amountsOf(resources?.[kind]))
  const sidecars = new Map<string, Quantity>()
  const starting = new Map<string, Quantity>()
  for (const { resources, restartPolicy } of spec.initContainers ?? []) {
    const own = amountsOf(resources?.[kind])
    if (restartPolicy === 'Always') {
      add(total, own)
      add(sidecars, own)
      raise(starting, sidecars)
    } else {
      const together = new Map(own)
      add(together, sidecars)
      raise(starting, together)
    }
  }
  raise(total, starting)
  for (const [name, amount] of amountsOf(spec.resources?.[kind])) if (podLevel.has(name)) total.set(name, amount)
  return total
}

function add(total: Map<string, Quantity>, more: Amounts): void {
  for (const [name, amount] of more) total.set(name, total.get(name)?.add(amount) ?? amount)
}

/** At least what the other one has. */
function raise(total: Map<string, Quantity>, other: Amounts): void {
  for (const [name, amount] of other) {
    const known = total.get(name)
    if (!known || amount.compare(known) > 0) total.set(name, amount)
  }
}
