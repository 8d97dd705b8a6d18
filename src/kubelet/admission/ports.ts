import type { ContainerPort, Pod } from '#api/core/v1'
import { isRestartableInitContainer } from '../pods/containers.ts'
import { predicate, type Refusal } from './fit.ts'

const anyAddress = '0.0.0.0'

/** Whether the ports of the node that a pod wants are free: pods that no scheduler has placed may want the same. */
export function portsAreFree(pod: Pod, others: readonly Pod[]): Refusal | undefined {
  const wanted = hostPorts(pod)
  if (wanted.length === 0) return undefined
  const held = others.flatMap(hostPorts)
  if (!wanted.some((port) => held.some((other) => clash(port, other)))) return undefined
  return predicate('NodePorts', "node(s) didn't have free ports for the requested pod ports")
}

function hostPorts({ spec }: Pod): readonly ContainerPort[] {
  const containers = [...(spec?.initContainers ?? []).filter(isRestartableInitContainer), ...(spec?.containers ?? [])]
  return containers.flatMap(({ ports = [] }) => ports.filter(({ hostPort = 0 }) => hostPort > 0))
}

function clash(a: ContainerPort, b: ContainerPort): boolean {
  if (a.hostPort !== b.hostPort || (a.protocol ?? 'TCP') !== (b.protocol ?? 'TCP')) return false
  const [mine, theirs] = [a.hostIP || anyAddress, b.hostIP || anyAddress]
  return mine === theirs || mine === anyAddress || theirs === anyAddress
}
