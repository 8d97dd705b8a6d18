import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Container, Pod } from '#api/core/v1'
import { TokenBucket } from '#client'
import { GrpcError, serve, unary, type GrpcServer, type Method, type ServingMethod } from '#grpc'
import type { ClaimRecord, Kubelet, MemoryBlock } from '#kubelet'
import { podResources } from './messages.ts'

interface ContainerDevices {
  readonly resourceName: string
  readonly deviceIds: readonly string[]
  readonly topology?: Topology
}

interface ContainerMemory {
  readonly memoryType: string
  /** Bytes. */
  readonly size: number
  readonly topology: Topology
}

interface Topology {
  readonly nodes: readonly { readonly id: number }[]
}

/** How often all monitors together may ask. */
const pace = { perSecond: 100, burst: 10 }

/**
 * Tells on a socket which devices, CPUs and memory containers have, for monitors (podresources v1, and the list of
 * v1alpha1).
 *
 * @param path of the socket; one of a former run is replaced.
 * @param gates feature gates that were set; without `KubeletPodResourcesListUseActivePods`, pods that have ended are listed
 *   as well until the API forgets them.
 */
export async function servePodResources(
  path: string,
  { parts, workers }: Kubelet,
  gates: { readonly [gate: string]: boolean } = {},
): Promise<GrpcServer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o750 })
  await rm(path, { force: true })
  const { managers } = parts
  const metrics = parts.metrics.resources
  const resourcesOf = (pod: Pod): object => {
    const { metadata, spec } = pod
    const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
    const { uid = '', name = '', namespace = '' } = metadata
    const ofContainer = (container: Container): object => ({
      name: container.name,
      devices: claimedDevices(uid, container.name),
      cpuIds: numbers(managers.cpus.exclusiveTo(uid, container.name)),
      memory: managers.memory.blocksOf(uid, container.name).map(memoryOf),
      dynamicResources: managers.dra.claimsOf(pod, container).map(claimResources),
    })
    return { name, namespace, containers: [...sidecars, ...spec.containers].map(ofContainer) }
  }
  const claimedDevices = (uid: string, name: string): ContainerDevices[] =>
    [...managers.devices.claimsOf(uid, name)].flatMap(([resource, { devices }]) =>
      [...devices].flatMap(([node, ids]) => ids.map((id) => deviceOf(resource, id, node < 0 ? [] : [node]))),
    )
  const healthyDevices = (): ContainerDevices[] =>
    managers.devices.inventory.resources().flatMap((resource) =>
      managers.devices.inventory
        .devices(resource)
        .filter(({ id }) => managers.devices.inventory.healthy(resource)?.has(id))
        .flatMap(({ id, numaNodes }) => placed(resource, id, numaNodes)),
    )
  const listsEnded = gates['KubeletPodResourcesListUseActivePods'] === false
  const list = (): object => {
    metrics.asked('v1', 'list')
    managers.devices.tidy()
    return { podResources: (listsEnded ? workers.pods() : workers.active()).map(resourcesOf) }
  }
  const listAlpha = (): object => {
    metrics.asked('v1alpha1')
    managers.devices.tidy()
    const devicesOf = ({ metadata, spec }: Pod): object => ({
      name: metadata.name,
      namespace: metadata.namespace,
      containers: spec.containers.map(({ name }) => ({ name, devices: claimedDevices(metadata.uid ?? '', name) })),
    })
    return { podResources: workers.pods().map(devicesOf) }
  }
  const bucket = new TokenBucket(parts.clock, pace)
  const paced = <Q>(method: Method, answer: (request: Q) => object): ServingMethod =>
    unary<Q>(method, (request) => {
      if (bucket.tryTake()) return answer(request)
      throw new GrpcError('ResourceExhausted', 'rejected by rate limit')
    })
  return serve(path, [
    paced(podResources.list, list),
    paced(podResources.listAlpha, listAlpha),
    paced<{ readonly podName: string; readonly podNamespace: string }>(
      podResources.get,
      ({ podName, podNamespace }) => {
        metrics.asked('v1', 'get')
        const pod = workers.byName(podNamespace, podName)
        if (!pod) {
          metrics.askedForUnknownPod()
          throw new Error(`pod ${podName} in namespace ${podNamespace} not found`)
        }
        return { podResources: resourcesOf(pod) }
      },
    ),
    paced(podResources.allocatable, () => {
      metrics.asked('v1', 'get_allocatable')
      const cpuIds = managers.cpus.isExclusive ? numbers(managers.cpus.allocatable()) : []
      return { devices: healthyDevices(), cpuIds, memory: managers.memory.allocatable().map(memoryOf) }
    }),
  ])
}

/** A device of a driver is shown with all that the runtime knows of those before it, too. */
function claimResources({ name, namespace, devices }: ClaimRecord): object {
  const shown = [...devices].flatMap(([driverName, ofDriver]) =>
    ofDriver.map(({ poolName, deviceName, shareId }, index) => ({
      cdiDevices: ofDriver.slice(0, index + 1).flatMap(({ cdiDeviceIds }) => cdiDeviceIds.map((id) => ({ name: id }))),
      driverName,
      poolName,
      deviceName,
      ...(shareId === undefined ? {} : { shareId }),
    })),
  )
  return { claimName: name, claimNamespace: namespace, claimResources: shown }
}

function deviceOf(resourceName: string, id: string, nodes: readonly number[]): ContainerDevices {
  return { resourceName, deviceIds: [id], ...(nodes.length > 0 ? { topology: topologyOf(nodes) } : {}) }
}

const memoryOf = ({ type, size, numaAffinity }: MemoryBlock): ContainerMemory => ({
  memoryType: type,
  size,
  topology: topologyOf(numaAffinity),
})

const topologyOf = (nodes: readonly number[]): Topology => ({ nodes: nodes.map((id) => ({ id })) })

/** Once for each NUMA node that it is close to. */
function placed(resource: string, id: string, nodes: readonly number[]): ContainerDevices[] {
  return nodes.length === 0 ? [deviceOf(resource, id, [])] : nodes.map((node) => deviceOf(resource, id, [node]))
}

const numbers = (cpus: ReadonlySet<number> = new Set()): number[] => [...cpus].sort((a, b) => a - b)
