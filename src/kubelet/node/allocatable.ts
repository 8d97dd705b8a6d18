import { amountOf, amountsOf, Quantity, resourceListOf } from '#machinery'
import type { ResourceList } from '#machinery'
import type { KubeletConfiguration } from '../config/configuration.ts'
import { milliCpuToShares } from '../resources/cpu.ts'
import { unitsOf, milliOf } from '../resources/lists.ts'
import type { CgroupLimits } from '../seams/cgroups.ts'
import type { Machine } from '../seams/node-facts.ts'

const binary = (bytes: number): string => Quantity.of(bytes, 0, 'BinarySI').toString()

/** What the machine has. */
export function capacityOf(machine: Machine, config: KubeletConfiguration): ResourceList {
  const { maxPods, podsPerCore, localStorageCapacityIsolation: hasStorage } = config
  const pods = podsPerCore > 0 ? Math.min(machine.cpus * podsPerCore, maxPods) : maxPods
  return {
    cpu: String(machine.cpus),
    ...(hasStorage ? { 'ephemeral-storage': binary(machine.ephemeralStorageBytes) } : {}),
    ...Object.fromEntries(Object.entries(machine.hugePages).map(([size, total]) => [`hugepages-${size}`, total])),
    memory: binary(machine.memoryBytes),
    pods: String(pods),
  }
}

/** Resource that an eviction signal guards. */
const guarded: { readonly [signal: string]: string } = {
  'memory.available': 'memory',
  'nodefs.available': 'ephemeral-storage',
}

/** What pods may ask for: capacity without what is reserved and what evictions keep free. Huge pages come out of memory. */
export function allocatableOf(capacity: ResourceList, config: KubeletConfiguration): ResourceList {
  const left = amountsOf(capacity)
  const take = (name: string, amount: Quantity): void => {
    const before = left.get(name)
    if (!before) return
    const after = before.sub(amount)
    left.set(name, after.sign() < 0 ? Quantity.of(0, 0, before.format) : after)
  }
  for (const reserved of [config.systemReserved, config.kubeReserved]) {
    for (const [name, text] of Object.entries(reserved)) take(name, amountOf(text))
  }
  for (const [signal, text] of Object.entries(config.evictionHard)) {
    const name = guarded[signal]
    const total = name === undefined ? undefined : capacity[name]
    if (name !== undefined && total !== undefined) take(name, thresholdOf(text, amountOf(total)))
  }
  for (const [name, text] of Object.entries(capacity)) {
    if (name.startsWith('hugepages-')) take('memory', amountOf(text))
  }
  return resourceListOf(left)
}

/** What is kept from pods: for the system, for the agent, and by evictions. */
export function reservedOf(capacity: ResourceList, config: KubeletConfiguration): ReadonlyMap<string, Quantity> {
  const reserved = new Map<string, Quantity>()
  const add = (name: string, amount: Quantity): void => {
    const before = reserved.get(name)
    reserved.set(name, before ? before.add(amount) : amount)
  }
  for (const list of [config.systemReserved, config.kubeReserved]) {
    for (const [name, text] of Object.entries(list)) if (capacity[name] !== undefined) add(name, amountOf(text))
  }
  for (const [signal, text] of Object.entries(config.evictionHard)) {
    const total = capacity[guarded[signal] ?? '']
    if (total !== undefined) add(guarded[signal] ?? '', thresholdOf(text, amountOf(total)))
  }
  return reserved
}

/** Limits of all pods together: the machine without what is reserved, as far as that is to be enforced. */
export function podsLimits(capacity: ResourceList, config: KubeletConfiguration): CgroupLimits {
  if (!config.enforceNodeAllocatable.includes('pods')) return {}
  const left = allocatableOf(capacity, { ...config, evictionHard: {} })
  return { cpuShares: milliCpuToShares(milliOf(left, 'cpu')), memoryBytes: unitsOf(left, 'memory') }
}

/** An amount, or a percentage of the whole; percentages are of single precision, so that nodes of all kinds tell the same bytes. */
export function thresholdOf(text: string, total: Quantity): Quantity {
  if (!text.endsWith('%')) return amountOf(text)
  const share = Math.fround(Math.fround(Number(text.slice(0, -1))) / 100)
  return Quantity.of(Math.trunc(total.value() * share), 0, 'BinarySI')
}
