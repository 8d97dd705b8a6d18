import type { ResourceList } from '#machinery'
import type { ContainerImage, NodeAddress, NodeCondition, NodeStatus } from '#api/core/v1'
import { timeOfMillis } from '#machinery'
import type { KubeletConfiguration } from '../config/configuration.ts'
import { isOn } from '../config/gates.ts'
import type { RuntimeImage } from '../runtime/images.ts'
import type { RuntimeStatus, RuntimeVersion } from '../runtime/records.ts'
import type { Machine } from '../seams/node-facts.ts'

export interface NodeStatusInput {
  readonly before: NodeStatus
  readonly machine: Machine
  readonly config: KubeletConfiguration
  readonly capacity: ResourceList
  readonly allocatable: ResourceList
  readonly hostname: string
  readonly addresses: readonly string[]
  /** Port of the agent's own server. */
  readonly port: number
  readonly kubeletVersion: string
  readonly runtime: RuntimeVersion | undefined
  readonly runtimeStatus: RuntimeStatus | undefined
  readonly images: readonly RuntimeImage[]
  /** Why the node is not ready; empty when it is. */
  readonly problems: readonly string[]
  readonly pressures: { readonly memory: boolean; readonly disk: boolean; readonly pid: boolean }
  readonly now: number
}

/** What this agent can do that not every one can: pods that need it come to nodes that declare it (KEP-5328). */
const declaredFeatures: readonly string[] = [
  'ExtendWebSocketsToKubelet',
  'InPlacePodLevelResourcesVerticalScaling',
  'InPlacePodVerticalScalingInitContainers',
  'RestartAllContainersOnContainerExits',
]

function declared({ featureGates }: KubeletConfiguration): Pick<NodeStatus, 'declaredFeatures'> {
  if (!isOn(featureGates, 'NodeDeclaredFeatures')) return {}
  return { declaredFeatures: declaredFeatures.filter((name) => isOn(featureGates, name)) }
}

/** Names that an image has in the status at most. */
const mostNames = 5

/** The node's status. People are told of conditions that have changed by comparing it with the one before. */
export function nodeStatus(input: NodeStatusInput): NodeStatus {
  const { before, machine, runtime, runtimeStatus, config } = input
  const { runtimeName = '', runtimeVersion = '' } = runtime ?? {}
  return {
    ...before,
    addresses: [
      ...input.addresses.map((address): NodeAddress => ({ type: 'InternalIP', address })),
      { type: 'Hostname', address: input.hostname },
    ],
    capacity: { ...before.capacity, ...input.capacity },
    allocatable: { ...before.allocatable, ...input.allocatable },
    conditions: conditionsOf(input),
    daemonEndpoints: { kubeletEndpoint: { Port: input.port } },
    nodeInfo: {
      machineID: machine.machineId,
      systemUUID: machine.systemUuid,
      bootID: machine.bootId,
      kernelVersion: machine.kernelVersion,
      osImage: machine.osImage,
      containerRuntimeVersion: `${runtimeName}://${runtime ? versionText(runtimeVersion) : 'Unknown'}`,
      kubeletVersion: input.kubeletVersion,
      kubeProxyVersion: '',
      operatingSystem: machine.operatingSystem,
      architecture: machine.architecture,
      ...(machine.swapBytes > 0 ? { swap: { capacity: machine.swapBytes } } : {}),
    },
    ...declared(config),
    images: imagesOf(input.images, config.nodeStatusMaxImages),
    ...(runtimeStatus && runtimeStatus.handlers.length > 0
      ? {
          runtimeHandlers: runtimeStatus.handlers.map(({ name, recursiveReadOnlyMounts, userNamespaces }) => ({
            name,
            features: { recursiveReadOnlyMounts, userNamespaces },
          })),
        }
      : {}),
    ...(runtimeStatus?.features ? { features: runtimeStatus.features } : {}),
  }
}

function imagesOf(images: readonly RuntimeImage[], most: number): ContainerImage[] {
  const largest = [...images].sort((a, b) => b.size - a.size)
  return (most < 0 ? largest : largest.slice(0, most)).map(({ repoDigests = [], repoTags = [], size }) => ({
    names: [...repoDigests, ...repoTags].slice(0, mostNames),
    sizeBytes: size,
  }))
}

interface Pressure {
  readonly type: string
  readonly isOn: boolean
  readonly on: readonly [reason: string, message: string]
  readonly off: readonly [reason: string, message: string]
}

function conditionsOf(input: NodeStatusInput): NodeCondition[] {
  const { pressures, problems, before, now } = input
  const states: Pressure[] = [
    {
      type: 'MemoryPressure',
      isOn: pressures.memory,
      on: ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'],
      off: ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    },
    {
      type: 'DiskPressure',
      isOn: pressures.disk,
      on: ['KubeletHasDiskPressure', 'kubelet has disk pressure'],
      off: ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    },
    {
      type: 'PIDPressure',
      isOn: pressures.pid,
      on: ['KubeletHasInsufficientPID', 'kubelet has insufficient PID available'],
      off: ['KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    },
    {
      type: 'Ready',
      isOn: problems.length === 0,
      on: ['KubeletReady', 'kubelet is posting ready status'],
      off: ['KubeletNotReady', problems.length > 1 ? `[${problems.join(', ')}]` : (problems[0] ?? '')],
    },
  ]
  const time = timeOfMillis(now)
  const own = states.map(({ type, isOn, on, off }): NodeCondition => {
    const [reason, message] = isOn ? on : off
    const status = isOn ? 'True' : 'False'
    const old = before.conditions?.find((condition) => condition.type === type)
    const lastTransitionTime = old?.status === status ? (old.lastTransitionTime ?? time) : time
    return { type, status, lastHeartbeatTime: time, lastTransitionTime, reason, message }
  })
  const others = (before.conditions ?? []).filter(({ type }) => !own.some((condition) => condition.type === type))
  return [...others, ...own]
}

/** Reason of the event when a condition changes. */
export function transitionEvent({ type, status }: NodeCondition): string {
  const isOn = status === 'True'
  switch (type) {
    case 'MemoryPressure':
      return isOn ? 'NodeHasInsufficientMemory' : 'NodeHasSufficientMemory'
    case 'DiskPressure':
      return isOn ? 'NodeHasDiskPressure' : 'NodeHasNoDiskPressure'
    case 'PIDPressure':
      return isOn ? 'NodeHasInsufficientPID' : 'NodeHasSufficientPID'
    default:
      return isOn ? 'NodeReady' : 'NodeNotReady'
  }
}

const semantic = /^v?(\d+\.\d+\.\d+(?:-[\dA-Za-z.-]+)?(?:\+[\dA-Za-z.-]+)?)$/
const generic = /^\s*v?(\d+(?:\.\d+)*)/

/** A version as nodes tell it: by the rules of semver.org, else the numbers that it begins with. */
const versionText = (version: string): string => (semantic.exec(version) ?? generic.exec(version))?.[1] ?? version
