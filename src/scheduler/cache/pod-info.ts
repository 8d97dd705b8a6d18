import type { Container, Pod } from '#api/core/v1'
import { isSidecar } from '#machinery'
import { affinityTermsOf } from './affinity-terms.ts'
import type { AffinityTerms } from './affinity-terms.ts'
import type { ResourceIds } from './amounts.ts'
import { requiredFeatures } from '../plugins/nodedeclaredfeatures/required-features.ts'
import { requestsOf } from './requests.ts'
import type { Requests } from './requests.ts'

export interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

const noLabels: { readonly [key: string]: string } = {}

/**
 * What pods of one equivalence class have in common: everything of them that filters and scores look at, except volumes
 * and claims. Verdicts and scores are kept per shape, so that the thousandth replica of a Deployment costs nearly
 * nothing.
 */
export class PodShape {
  readonly key: string
  /** One pod of the class: read what is common from here. */
  readonly pod: Pod
  readonly namespace: string
  readonly labels: { readonly [key: string]: string }
  readonly requests: Requests
  readonly hostPorts: readonly HostPort[]
  readonly terms: AffinityTerms
  readonly hasAffinity: boolean
  /** The pod has volumes, or claims of devices, that nodes may not have or not take. */
  readonly hasVolumes: boolean
  readonly hasClaims: boolean
  /** What the node agent must declare that it can do. */
  readonly requiredFeatures: readonly string[]

  constructor(key: string, pod: Pod, resources: ResourceIds) {
    this.key = key
    this.pod = pod
    this.namespace = pod.metadata.namespace ?? ''
    this.labels = pod.metadata.labels ?? noLabels
    this.requests = requestsOf(pod, resources)
    this.hostPorts = hostPortsOf(pod)
    this.terms = affinityTermsOf(pod.spec?.affinity, this.namespace)
    const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {}
    this.hasAffinity = podAffinity !== undefined || podAntiAffinity !== undefined
    this.hasVolumes = hasVolumes(pod)
    this.requiredFeatures = requiredFeatures(pod)
    this.hasClaims = (pod.spec?.resourceClaims?.length ?? 0) > 0
  }
}

/** A pod as scheduling sees it. The pod object is replaced as it is updated. */
export class PodInfo {
  pod: Pod
  shape: PodShape
  /** Those of the shape, unless the node tells of other ones while containers are resized. */
  requests: Requests
  readonly uid: string
  readonly priority: number

  constructor(pod: Pod, shape: PodShape, requests: Requests) {
    this.pod = pod
    this.shape = shape
    this.requests = requests
    this.uid = pod.metadata.uid ?? ''
    this.priority = pod.spec?.priority ?? 0
  }

  get namespace(): string {
    return this.shape.namespace
  }

  get name(): string {
    return this.pod.metadata.name ?? ''
  }

  get labels(): { readonly [key: string]: string } {
    return this.shape.labels
  }

  get terminating(): boolean {
    return this.pod.metadata.deletionTimestamp !== undefined
  }
}

/** Shapes by key. Those that no pod was seen of for long make room for others. */
export class PodShapes {
  readonly resources: ResourceIds
  #young = new Map<string, PodShape>()
  #old = new Map<string, PodShape>()
  readonly #limit: number

  /** @param limit shapes that are kept at least; up to twice as many are. */
  constructor(resources: ResourceIds, limit = 20_000) {
    this.resources = resources
    this.#limit = limit
  }

  infoOf(pod: Pod): PodInfo {
    const shape = this.shapeOf(pod)
    return new PodInfo(pod, shape, this.requestsOf(pod, shape))
  }

  /** What the pod asks of its node at present. */
  requestsOf(pod: Pod, shape: PodShape): Requests {
    const { containerStatuses = [], initContainerStatuses = [], resources } = pod.status ?? {}
    const tells = (status: { readonly resources?: object }): boolean => status.resources !== undefined
    const told = resources !== undefined || containerStatuses.some(tells) || initContainerStatuses.some(tells)
    return told ? requestsOf(pod, this.resources) : shape.requests
  }

  shapeOf(pod: Pod): PodShape {
    const key = shapeKey(pod)
    const known = this.#young.get(key)
    if (known) return known
    const shape = this.#old.get(key) ?? new PodShape(key, pod, this.resources)
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, shape)
    return shape
  }
}

/** Equal for pods that every filter and score treats alike. */
function shapeKey(pod: Pod): string {
  const { metadata, spec } = pod
  if (!spec) return JSON.stringify([metadata.namespace, metadata.labels])
  const owner = spec.topologySpreadConstraints?.length ? undefined : controllerOf(pod)
  return JSON.stringify([
    metadata.namespace,
    metadata.labels,
    spec.schedulerName,
    owner,
    spec.nodeSelector,
    spec.affinity,
    spec.tolerations,
    spec.topologySpreadConstraints,
    spec.resources?.requests,
    spec.overhead,
    spec.containers.map(containerKey),
    spec.initContainers?.map(containerKey),
    hasVolumes(pod),
    (spec.resourceClaims?.length ?? 0) > 0,
    spec.volumes?.filter(({ image }) => image).map(({ image }) => image?.reference),
    spec.hostUsers,
    requiredFeatures(pod),
    spec.os,
  ])
}

function controllerOf(pod: Pod): readonly string[] | undefined {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true)
  return owner && [owner.apiVersion, owner.kind, owner.name]
}

function containerKey(container: Container): readonly unknown[] {
  const ports = container.ports?.filter(({ hostPort }) => hostPort)
  return [container.image, container.resources?.requests, ports?.length ? ports : 0, container.restartPolicy]
}

/** Volumes that bind a pod to nodes, or that nodes take only so many of. */
function hasVolumes(pod: Pod): boolean {
  return (pod.spec?.volumes ?? []).some(
    (volume) =>
      volume.persistentVolumeClaim !== undefined ||
      volume.ephemeral !== undefined ||
      volume.gcePersistentDisk !== undefined ||
      volume.awsElasticBlockStore !== undefined ||
      volume.azureDisk !== undefined ||
      volume.cinder !== undefined ||
      volume.iscsi !== undefined ||
      volume.rbd !== undefined,
  )
}

function hostPortsOf(pod: Pod): readonly HostPort[] {
  const ports: HostPort[] = []
  const add = ({ ports: declared }: Container): void => {
    for (const { hostPort = 0, hostIP, protocol } of declared ?? []) {
      if (hostPort > 0) ports.push({ ip: hostIP || '0.0.0.0', protocol: protocol ?? 'TCP', port: hostPort })
    }
  }
  for (const container of pod.spec?.containers ?? []) add(container)
  for (const container of pod.spec?.initContainers ?? []) if (isSidecar(container)) add(container)
  return ports
}
