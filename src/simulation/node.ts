import type { Node, NodeCondition } from '#api/core/v1'
import type { Lease } from '#api/coordination/v1'
import { microTimeOfMillis, timeOfMillis } from '#machinery'
import type { SimulatedNode } from './options.ts'

/** Seconds after which a silent node counts as gone. */
const leaseSeconds = 40
/** Milliseconds between two renewals. */
export const renewalMs = 10_000

const condition = (
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
  time: string,
): NodeCondition => ({ type, status, lastHeartbeatTime: time, lastTransitionTime: time, reason, message })

/** What a simulated node registers with. */
export function nodeObject(node: SimulatedNode, kubeletVersion: string, now: number): Node {
  const labels = {
    'kubernetes.io/hostname': node.name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    ...node.labels,
  }
  return { metadata: { name: node.name, labels }, spec: {}, status: nodeStatus(node, kubeletVersion, now) }
}

export function nodeStatus(node: SimulatedNode, kubeletVersion: string, now: number): NonNullable<Node['status']> {
  const time = timeOfMillis(now)
  return {
    capacity: node.capacity,
    allocatable: node.capacity,
    conditions: [
      condition(
        'MemoryPressure',
        'False',
        'KubeletHasSufficientMemory',
        'kubelet has sufficient memory available',
        time,
      ),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure', time),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available', time),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status', time),
    ],
    addresses: [
      { type: 'InternalIP', address: node.address },
      { type: 'Hostname', address: node.name },
    ],
    declaredFeatures: ['InPlacePodLevelResourcesVerticalScaling', 'RestartAllContainersOnContainerExits'],
    nodeInfo: {
      architecture: 'amd64',
      bootID: '',
      containerRuntimeVersion: 'simulated://1',
      kernelVersion: '',
      kubeProxyVersion: '',
      kubeletVersion,
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'simulated',
      systemUUID: '',
    },
  }
}

/** The heartbeat of a node. */
export function leaseObject(node: Node, now: number): Lease {
  const { name = '', uid = '' } = node.metadata
  return {
    metadata: {
      name,
      namespace: 'kube-node-lease',
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
    },
    spec: { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime: microTimeOfMillis(now) },
  }
}
