import { deployments, replicasets, statefulsets } from '#api/apps/v1'
import type { Deployment, ReplicaSet, StatefulSet } from '#api/apps/v1'
import { replicationcontrollers } from '#api/core/v1'
import type { Pod, ReplicationController } from '#api/core/v1'
import type { Resource } from '#api'
import { controllerOf } from '#client'
import type { ControllerContext, Discovery, Informer } from '#client'
import { isNotFound, quote } from '#machinery'
import type { KubeObject, OwnerReference } from '#machinery'
import { resolveOwner } from '../common/meta/watch.ts'

export interface ExpectedPods {
  readonly count: number
  /** Names of pods that nobody manages. */
  readonly unmanaged: readonly string[]
}

interface Scaled {
  readonly uid: string
  readonly replicas: number
}

interface ScaleObject extends KubeObject {
  readonly spec?: { readonly replicas?: number }
}

/** How many pods there should be, by what manages them says. */
export class ExpectedScale {
  readonly #context: ControllerContext
  readonly #discover: (signal: AbortSignal) => Promise<Discovery>
  readonly #controllers: Informer<ReplicationController>
  readonly #replicaSets: Informer<ReplicaSet>
  readonly #deployments: Informer<Deployment>
  readonly #statefulSets: Informer<StatefulSet>

  constructor(context: ControllerContext, discover: (signal: AbortSignal) => Promise<Discovery>) {
    const { informers } = context
    this.#context = context
    this.#discover = discover
    this.#controllers = informers.informer(replicationcontrollers)
    this.#replicaSets = informers.informer(replicasets)
    this.#deployments = informers.informer(deployments)
    this.#statefulSets = informers.informer(statefulsets)
  }

  /** @throws Error for a pod whose manager has no scale. */
  async of(pods: readonly Pod[], signal: AbortSignal): Promise<ExpectedPods> {
    const scales = new Map<string, number>()
    const seen = new Set<string>()
    const unmanaged: string[] = []
    for (const pod of pods) {
      const { name = '', namespace = '' } = pod.metadata
      const owner = controllerOf(pod)
      if (!owner) {
        unmanaged.push(name)
        continue
      }
      if (seen.has(owner.uid)) continue
      seen.add(owner.uid)
      const scaled = this.#known(owner, namespace) ?? (await this.#scale(owner, namespace, signal))
      if (!scaled) throw new Error(`found no controllers for pod ${quote(name)}`)
      scales.set(scaled.uid, scaled.replicas)
    }
    let count = 0
    for (const replicas of scales.values()) count += replicas
    return { count, unmanaged }
  }

  #known(owner: OwnerReference, namespace: string): Scaled | undefined {
    const group = groupOf(owner)
    if (group === '' && owner.kind === 'ReplicationController') {
      return scaledOf(resolveOwner(this.#controllers, namespace, owner))
    }
    if (group === 'apps' && owner.kind === 'StatefulSet') {
      return scaledOf(resolveOwner(this.#statefulSets, namespace, owner))
    }
    if (owner.kind !== 'ReplicaSet' || (group !== 'apps' && group !== 'extensions')) return undefined
    const replicaSet = resolveOwner(this.#replicaSets, namespace, owner)
    const above = replicaSet && controllerOf(replicaSet)
    if (above?.kind === 'Deployment') return scaledOf(resolveOwner(this.#deployments, namespace, above))
    return scaledOf(replicaSet)
  }

  async #scale(owner: OwnerReference, namespace: string, signal: AbortSignal): Promise<Scaled | undefined> {
    const group = groupOf(owner)
    const version = owner.apiVersion.slice(owner.apiVersion.indexOf('/') + 1)
    const { resources } = await this.#discover(signal)
    const found = resources.find(
      ({ resource }) => resource.group === group && resource.version === version && resource.kind === owner.kind,
    )
    if (!found) throw new Error(`no matches for kind ${quote(owner.kind)} in version ${quote(owner.apiVersion)}`)
    const { plural } = found.resource
    try {
      const resource: Resource<ScaleObject> = found.resource
      const scale = await this.#context.client.get(resource, { namespace, name: owner.name }, { subresource: 'scale' })
      return scale.metadata.uid === owner.uid ? scaledOf(scale) : undefined
    } catch (error) {
      if (!isNotFound(error)) throw error
      if (found.subresources.includes('scale')) return undefined
      const name = group === '' ? plural : `${plural}.${group}`
      throw new Error(`${name} does not implement the scale subresource`, { cause: error })
    }
  }
}

function scaledOf(object: ScaleObject | undefined): Scaled | undefined {
  return object && { uid: object.metadata.uid ?? '', replicas: object.spec?.replicas ?? 0 }
}

const groupOf = ({ apiVersion }: OwnerReference): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
