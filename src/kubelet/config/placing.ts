import { parseCpuSet } from '../cpus/cpu-set.ts'
import type { KubeletConfiguration } from './configuration.ts'
import { messageOf } from '#base'
import { amountOf } from '#machinery'
import type { MemoryReservation } from '../memory/machine.ts'
import { isMemory } from '../memory/requests.ts'
import { Reader } from './reader.ts'

/** What says which CPUs, NUMA nodes and users of the node containers get. */
export function placing(
  root: Reader,
): Pick<
  KubeletConfiguration,
  | 'cpuManagerPolicy'
  | 'cpuManagerPolicyOptions'
  | 'cpuManagerReconcilePeriod'
  | 'memoryManagerPolicy'
  | 'reservedMemory'
  | 'reservedSystemCPUs'
  | 'topologyManagerPolicy'
  | 'topologyManagerScope'
  | 'topologyManagerPolicyOptions'
  | 'userNamespaceIdsPerPod'
  | 'featureGates'
> {
  const cpuPolicy = root.text('cpuManagerPolicy', 'none')
  if (cpuPolicy !== 'none' && cpuPolicy !== 'static')
    throw new TypeError(`unknown policy: ${JSON.stringify(cpuPolicy)}`)
  return {
    cpuManagerPolicy: cpuPolicy,
    cpuManagerPolicyOptions: root.map('cpuManagerPolicyOptions'),
    cpuManagerReconcilePeriod: root.millis('cpuManagerReconcilePeriod', 10_000),
    memoryManagerPolicy: memoryPolicy(root.text('memoryManagerPolicy', 'None')),
    reservedMemory: reservedMemory(root.list('reservedMemory')),
    reservedSystemCPUs: root.text('reservedSystemCPUs'),
    topologyManagerPolicy: topologyPolicy(root.text('topologyManagerPolicy', 'none')),
    topologyManagerScope: topologyScope(root.text('topologyManagerScope', 'container')),
    topologyManagerPolicyOptions: root.map('topologyManagerPolicyOptions'),
    userNamespaceIdsPerPod: idsPerPod(root.child('userNamespaces').number('idsPerPod', idsUnit)),
    featureGates: Object.fromEntries(
      Object.entries(root.map('featureGates')).map(([gate, on]) => [gate, on === 'true']),
    ),
  }
}

function memoryPolicy(text: string): KubeletConfiguration['memoryManagerPolicy'] {
  if (text === 'None' || text === 'Static') return text
  if (text === 'BestEffort') throw new TypeError('policy "BestEffort" is not available for platform "linux"')
  throw new TypeError(`unknown policy: ${JSON.stringify(text)}`)
}

function reservedMemory(list: readonly unknown[]): readonly MemoryReservation[] {
  const seen = new Set<string>()
  return list.map((entry, index) => {
    const reader = new Reader(entry, `reservedMemory[${index}]`)
    const [numaNode, limits] = [reader.number('numaNode', 0), reader.map('limits')]
    for (const [type, text] of Object.entries(limits)) {
      const name = JSON.stringify(type)
      if (!isMemory(type)) {
        const known = 'only [memory hugepages-<HugePageSize>] is accepted'
        throw new TypeError(
          `invalid configuration: the limit type ${name} for NUMA node ${numaNode} is not supported, ${known}`,
        )
      }
      const which = `for NUMA node ${numaNode} and resource ${name}`
      if (amountOf(text).isZero())
        throw new TypeError(`invalid configuration: reserved memory may not be zero ${which}`)
      if (seen.has(which)) {
        throw new TypeError(`invalid configuration: the reserved memory has a duplicate value ${which}`)
      }
      seen.add(which)
    }
    return { numaNode, limits }
  })
}

const idsUnit = 65_536

function idsPerPod(count: number): number {
  if (count > 0 && count % idsUnit === 0 && count < 2 ** 32) return count
  throw new TypeError(`invalid configuration: userNamespaces.idsPerPod ${count} must be a multiple of ${idsUnit}`)
}

function topologyPolicy(text: string): KubeletConfiguration['topologyManagerPolicy'] {
  if (text === 'none' || text === 'best-effort' || text === 'restricted' || text === 'single-numa-node') return text
  const choice = '["none" "best-effort" "restricted" "single-numa-node"]'
  const field = 'topologyManagerPolicy (--topology-manager-policy)'
  throw new TypeError(`invalid configuration: ${field} ${JSON.stringify(text)} must be one of: ${choice}`)
}

function topologyScope(text: string): KubeletConfiguration['topologyManagerScope'] {
  if (text === 'container' || text === 'pod') return text
  const field = 'topologyManagerScope (--topology-manager-scope)'
  throw new TypeError(`invalid configuration: ${field} ${JSON.stringify(text)} must be one of: "container", or "pod"`)
}

/** What is kept from pods; CPUs that are named count instead of an amount. */
export function reservations(root: Reader): Pick<KubeletConfiguration, 'systemReserved' | 'kubeReserved'> {
  const systemReserved = root.map('systemReserved')
  const kubeReserved = root.map('kubeReserved')
  const named = root.text('reservedSystemCPUs')
  if (named === '') return { systemReserved, kubeReserved }
  const { cpu, ...others } = kubeReserved
  void cpu
  return { systemReserved: { ...systemReserved, cpu: String(cpusNamed(named)) }, kubeReserved: others }
}

function cpusNamed(text: string): number {
  try {
    return parseCpuSet(text).size
  } catch (error) {
    const why = messageOf(error)
    const field = 'reservedSystemCPUs (--reserved-cpus)'
    throw new TypeError(`invalid configuration: unable to parse ${field} ${text}, error: ${why}`, { cause: error })
  }
}
