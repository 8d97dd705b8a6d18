import { messageOf } from '#base'
import { pods } from '#api/core/v1'
import type { Pod, PodTemplateSpec } from '#api/core/v1'
import type { Resource } from '#api'
import { controllerReference } from '#client'
import type { Client, Informer } from '#client'
import { isNamespaceTerminating, keyOf, nameIsDNSSubdomain } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Recorder } from '../meta/events.ts'
import { PodRemovals } from './removals.ts'
import type { Removal, RemovalOptions } from './removals.ts'

/** The pod that a template means for an owner, as it is created. The template's parts are shared. */
export function podFromTemplate<T extends KubeObject>(
  template: PodTemplateSpec,
  owner: T,
  resource: Resource<T>,
  naming: { readonly name?: string; readonly generateName?: string } = {},
): Pod {
  const { labels = {}, annotations = {}, finalizers } = template.metadata ?? {}
  return {
    metadata: {
      generateName: namePrefix(owner),
      ...naming,
      namespace: owner.metadata.namespace ?? '',
      ...(isEmpty(labels) ? {} : { labels }),
      ...(isEmpty(annotations) ? {} : { annotations }),
      ...(finalizers && finalizers.length > 0 ? { finalizers } : {}),
      ownerReferences: [controllerReference(owner, resource)],
    },
    spec: template.spec ?? { containers: [] },
  }
}

/** `<owner>-`, or the owner's name alone where that can't begin a name. */
function namePrefix(owner: KubeObject): string {
  const { name = '' } = owner.metadata
  return nameIsDNSSubdomain(`${name}-`, true).length === 0 ? `${name}-` : name
}

const isEmpty = (map: object): boolean => Object.keys(map).length === 0

/** Creates and deletes the pods of one kind of owner, and tells of it in events on the owner. */
export class PodControl<T extends KubeObject> {
  readonly #client: Client
  readonly #record: Recorder<T>
  /** By key of the owner. */
  readonly removals: PodRemovals

  /** @param informer what the owners' controller knows of pods. */
  constructor(client: Client, record: Recorder<T>, informer: Informer<Pod>) {
    this.#client = client
    this.#record = record
    this.removals = new PodRemovals(client, informer)
  }

  /** @throws what the server refuses; of a namespace that is being deleted no event tells. */
  async create(owner: T, pod: Pod): Promise<Pod> {
    if (pod.metadata.labels === undefined) throw new Error('unable to create pods, no labels')
    try {
      const created = await this.#client.create(pods, pod)
      this.#record(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name ?? ''}`)
      return created
    } catch (error) {
      if (!isNamespaceTerminating(error)) {
        this.#record(owner, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`)
      }
      throw error
    }
  }

  /** As `PodRemovals.remove`. @throws what that throws, as `unable to delete pods`. */
  async delete(owner: T, pod: Pod, options?: RemovalOptions): Promise<Removal> {
    let removal: Removal
    try {
      removal = await this.removals.remove(keyOf(owner), pod, options)
    } catch (error) {
      this.#record(owner, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(error)}`)
      throw new Error(`unable to delete pods: ${messageOf(error)}`, { cause: error })
    }
    if (removal === 'told') {
      this.#record(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name ?? ''}`)
    }
    return removal
  }
}
