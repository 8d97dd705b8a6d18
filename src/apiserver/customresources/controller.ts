import { customresourcedefinitions } from '#api/apiextensions/v1'
import type { CustomResourceDefinition } from '#api/apiextensions/v1'
import type { Client } from '#client'
import { deepEqual, Turns } from '#base'
import { isConflict, isNotFound } from '#machinery'
import type { KubeObject } from '#machinery'
import { followChanges, storedRegistry } from '../registry/follow.ts'
import {
  findCondition,
  isConditionTrue,
  setCondition,
} from '../resources/apiextensions/customresourcedefinitions/conditions.ts'
import { cleanupFinalizer } from '../resources/apiextensions/customresourcedefinitions/strategy.ts'
import type { Services } from '../services.ts'
import { apiApproval } from './api-approval.ts'
import { webhookConversion } from './conversion.ts'
import { CustomResource } from './custom-resource.ts'
import { acceptNames } from './names.ts'

const group = 'apiextensions.k8s.io'
const plural = 'customresourcedefinitions'

/** What is served for one definition, and what it was made of. */
interface Served {
  readonly crd: CustomResourceDefinition
  readonly resource: CustomResource
}

/** Keeps what is served in step with the CustomResourceDefinitions there are. */
export class CustomResources {
  readonly #services: Services
  readonly #client: Client
  readonly #served = new Map<string, Served>()
  readonly #queued = new Set<string>()
  #working = false

  /** @param client of the server itself, for writes */
  constructor(services: Services, client: Client) {
    this.#services = services
    this.#client = client
  }

  /** Serves what is established, and from now on whatever becomes so. Returns a function that ends it. */
  start(): () => void {
    const { clock, logger } = this.#services
    const stop = followChanges(storedRegistry(this.#services, group, plural), {
      clock,
      logger,
      change: (_, change) => {
        const { object, previous } = change
        const changed = (object ?? previous) as CustomResourceDefinition
        this.#serve(changed.metadata.name ?? '')
        this.#queue(changed)
      },
      reset: () => this.#all(),
    })
    this.#all()
    return stop
  }

  #all(): void {
    const names = new Set<string>(this.#served.keys())
    for (const crd of this.#definitions()) {
      names.add(crd.metadata.name ?? '')
      this.#queue(crd)
    }
    for (const name of names) this.#serve(name)
  }

  #definitions(): Iterable<CustomResourceDefinition> {
    return this.#services.peekAll<CustomResourceDefinition & KubeObject>(group, plural, '')
  }

  #peek(name: string): CustomResourceDefinition | undefined {
    return this.#services.peek<CustomResourceDefinition & KubeObject>(group, plural, '', name)
  }

  /** Serves a definition as it is now, if it is established. */
  #serve(name: string): void {
    const crd = this.#peek(name)
    const before = this.#served.get(name)
    const wanted = crd !== undefined && isConditionTrue(crd, 'Established')
    if (before && wanted && sameServing(before.crd, crd)) return
    if (before) this.#withdraw(name, before)
    if (!wanted) return
    const resource = new CustomResource(crd, webhookConversion(crd, this.#services))
    for (const endpoint of resource.endpoints) this.#services.resources.add(endpoint)
    this.#served.set(name, { crd, resource })
  }

  #withdraw(name: string, { resource }: Served): void {
    this.#served.delete(name)
    for (const { group, version, plural } of resource.endpoints) this.#services.resources.remove(group, version, plural)
    void this.#services.forget(resource.stored)
  }

  /** Names that one definition gives up may be what others of its group wait for. */
  #queue(crd: CustomResourceDefinition): void {
    for (const other of this.#definitions())
      if (other.spec.group === crd.spec.group) this.#queued.add(other.metadata.name ?? '')
    this.#wake()
  }

  #wake(): void {
    if (this.#working) return
    this.#working = true
    void this.#work()
  }

  async #work(): Promise<void> {
    // What made the change goes on first.
    await Promise.resolve()
    for (const name of this.#queued) {
      this.#queued.delete(name)
      try {
        await this.#reconcile(name)
      } catch (error) {
        if (isConflict(error) || isNotFound(error)) continue
        this.#services.logger.error('Custom resource definition could not be brought up to date', { name, error })
      }
    }
    this.#working = false
    if (this.#queued.size > 0) this.#wake()
  }

  async #reconcile(name: string): Promise<void> {
    const crd = this.#peek(name)
    if (!crd) return
    if (crd.metadata.deletionTimestamp !== undefined && crd.metadata.finalizers?.includes(cleanupFinalizer))
      return this.#cleanUp(crd)
    const now = this.#services.clock.now()
    const others = [...this.#definitions()].filter(
      ({ metadata, spec }) => metadata.name !== name && spec.group === crd.spec.group,
    )
    const named = acceptNames(crd, others, now) ?? crd.status ?? {}
    const approval = apiApproval(crd)
    const conditions = approval ? setCondition(named.conditions ?? [], approval, now) : named.conditions
    const status = conditions ? { ...named, conditions } : named
    if (deepEqual(status, crd.status ?? {})) return
    await this.#writeStatus({ ...crd, status })
  }

  async #writeStatus(crd: CustomResourceDefinition): Promise<CustomResourceDefinition> {
    return this.#client.update(customresourcedefinitions, crd, { subresource: 'status' })
  }

  /** Deletes the objects of a definition that goes, then lets it go. */
  async #cleanUp(crd: CustomResourceDefinition): Promise<void> {
    let current = crd
    const { clock } = this.#services
    const say = async (status: string, reason: string, message: string): Promise<void> => {
      const condition = { type: 'Terminating', status, reason, message }
      const found = findCondition(current, 'Terminating')
      if (found?.status === status && found.reason === reason && found.message === message) return
      const conditions = setCondition(current.status?.conditions ?? [], condition, clock.now())
      current = await this.#writeStatus({ ...current, status: { ...current.status, conditions } })
    }
    const name = crd.metadata.name ?? ''
    const served = this.#served.get(name)
    if (served) {
      await say('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress')
      if (!(await this.#deleteAll(served.resource))) {
        clock.timer(1000, () => {
          this.#queued.add(name)
          this.#wake()
        })
        return
      }
      await say('False', 'InstanceDeletionCompleted', 'removed all instances')
    } else await say('False', 'NeverEstablished', 'resource was never established')
    const finalizers = (current.metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer)
    const { finalizers: _, ...metadata } = current.metadata
    await this.#client.update(customresourcedefinitions, {
      ...current,
      metadata: finalizers.length === 0 ? metadata : { ...metadata, finalizers },
    })
  }

  /** Whether nothing is left. Objects with finalizers take their time. */
  async #deleteAll({ stored, endpoints }: CustomResource): Promise<boolean> {
    const { objects } = this.#services.registryOf(stored)
    const [endpoint] = endpoints
    if (endpoint) {
      const { version, kind, namespaced } = endpoint
      const resource = { group: stored.group, version, plural: stored.plural, kind, namespaced }
      const turns = new Turns(this.#services.clock)
      for (const { metadata } of objects.all('')) {
        const wait = turns.next()
        if (wait) await wait
        if (metadata.deletionTimestamp !== undefined) continue
        const { name = '', namespace } = metadata
        await this.#client
          .delete(resource, namespace === undefined ? { name } : { name, namespace })
          .catch((error: unknown) => {
            if (!isNotFound(error)) throw error
          })
      }
    }
    return objects.store.snapshot().count(objects.range('')) === 0
  }
}

/** Whether two states of a definition are served alike. */
function sameServing(a: CustomResourceDefinition, b: CustomResourceDefinition): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    deepEqual(a.spec, b.spec) &&
    deepEqual(a.status?.acceptedNames, b.status?.acceptedNames)
  )
}
