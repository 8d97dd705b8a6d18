import { Quantity } from '#machinery'

/** Resources are numbered, so that amounts are columns. The first three stand on every node. */
export const cpuId = 0
export const memoryId = 1
export const ephemeralStorageId = 2

/** Numbers for names of resources, in the order they were first seen. */
export class ResourceIds {
  readonly #names: string[] = ['cpu', 'memory', 'ephemeral-storage']
  readonly #ids = new Map<string, number>(this.#names.map((name, id) => [name, id]))

  get size(): number {
    return this.#names.length
  }

  idOf(name: string): number {
    let id = this.#ids.get(name)
    if (id === undefined) {
      id = this.#names.length
      this.#names.push(name)
      this.#ids.set(name, id)
    }
    return id
  }

  nameOf(id: number): string {
    return this.#names[id] ?? ''
  }
}

/** Resources that are counted per node beyond cpu, memory and ephemeral storage; others mean nothing to scheduling. */
export function isScalarResource(name: string): boolean {
  return name.includes('/') || name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')
}

/** Resources outside Kubernetes' own names, which device plugins and operators tell of. */
export function isExtendedResource(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.')
}

/** Resources that scheduling counts. */
export function isCounted(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || isScalarResource(name)
}

const millis = new Map<string, number>()
const units = new Map<string, number>()
const maxKnown = 4096

/** The amount of a resource: millicores of cpu, whole units of all others. Texts repeat, so answers are remembered. */
export function amountOf(resource: string, quantity: string): number {
  const known = resource === 'cpu' ? millis : units
  let amount = known.get(quantity)
  if (amount === undefined) {
    const parsed = Quantity.parse(quantity)
    amount = resource === 'cpu' ? parsed.milliValue() : parsed.value()
    if (known.size >= maxKnown) known.clear()
    known.set(quantity, amount)
  }
  return amount
}
