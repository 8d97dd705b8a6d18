import { aborted, defer, Latch, sleep } from '#base'
import type { Resource } from '#api'
import { customresourcedefinitions } from '#api/apiextensions/v1'
import type { Controller, ControllerContext, Discovery, ReconcileResult, Watch } from '#client'
import { isNotFound, quote } from '#machinery'
import type { KubeObject, OwnerReference } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import { aggregateError } from '../common/meta/errors.ts'
import { DependencyGraph } from './graph.ts'
import { Monitors } from './monitors.ts'
import { foregroundFinalizer, hasFinalizer, isBeingDeleted, orphanFinalizer } from './node.ts'
import type { GraphNode } from './node.ts'
import { deleteObject, keyOfTarget, removeFinalizer, removeOwners, unblockOwners } from './objects.ts'
import type { Propagation, Target } from './objects.ts'
import { matches, ownerIn, referenceText } from './references.ts'

/** How often the server is asked for new resources; definitions of custom resources are seen as they change. */
const discoveryIntervalMs = 30_000
/** Definitions often come together. */
const definitionDelayMs = 500

export interface GarbageCollectorOptions {
  readonly concurrency: number
  readonly discover: (signal: AbortSignal) => Promise<Discovery>
}

/** What the owners of an object are. */
interface Owners {
  readonly solid: readonly OwnerReference[]
  readonly dangling: readonly OwnerReference[]
  /** Being deleted, after their dependents. */
  readonly waiting: readonly OwnerReference[]
}

/** Deletes objects whose owners are all gone, and owners after their dependents, as deletion asked for. */
export class GarbageCollector implements Controller {
  readonly concurrency: number
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #discover: (signal: AbortSignal) => Promise<Discovery>
  readonly #graph: DependencyGraph
  readonly #monitors: Monitors
  readonly #ready = defer<void>()
  readonly #definitions = new Latch()

  constructor(context: ControllerContext, { concurrency, discover }: GarbageCollectorOptions) {
    const { queue, events } = context
    this.concurrency = concurrency
    this.#context = context
    this.#discover = discover
    this.#graph = new DependencyGraph({
      attemptToDelete(node, later = false) {
        const key = `${node.virtual ? 'virtual' : 'delete'}/${node.identity.uid}`
        if (later) queue.addAfter(key, backoffOf(node))
        else queue.add(key)
      },
      attemptToOrphan: ({ identity }) => queue.add(`orphan/${identity.uid}`),
      invalidOwner({ identity }, owner) {
        const { apiVersion, kind, name, namespace, uid } = identity
        const message = `ownerRef ${referenceText(owner)} does not exist in namespace ${quote(namespace)}`
        const place = namespace === '' ? {} : { namespace }
        events.event({ apiVersion, kind, name, uid, ...place }, 'Warning', 'OwnerRefInvalidNamespace', message)
      },
    })
    this.#monitors = new Monitors(context, this.#graph)
    const changed = (): void => this.#definitions.set()
    this.watches = [watchEvents(customresourcedefinitions, { added: changed, updated: changed, deleted: changed })]
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#context
    while (!signal.aborted) {
      try {
        await this.#monitors.update(await this.#discover(signal), discoveryIntervalMs, signal)
        this.#ready.resolve()
      } catch (error) {
        if (!signal.aborted) log.error('Resources were not discovered', { error })
      }
      const next = new AbortController()
      const either = AbortSignal.any([signal, next.signal])
      await Promise.race([sleep(clock, discoveryIntervalMs, either), this.#definitions.wait(either)]).catch(() => {})
      next.abort()
      await sleep(clock, definitionDelayMs, signal).catch(() => {})
    }
  }

  async reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult | void> {
    // Until everything is known, much looks as if it had no owner.
    const end = aborted(signal)
    await Promise.race([this.#ready.promise, end.promise])
    end.cancel()
    if (signal.aborted) return
    const slash = key.indexOf('/')
    const what = key.slice(0, slash)
    const node = this.#graph.node(key.slice(slash + 1))
    if (!node || (what === 'virtual' && !node.virtual)) return
    const { identity } = node
    const resource = this.#monitors.resourceOf(identity.apiVersion, identity.kind)
    if (!resource) {
      this.#context.log.debug('Kind of an object is unknown', { object: referenceText(identity) })
      return { requeueAfterMs: backoffOf(node) }
    }
    if (what === 'orphan') return this.#orphan(node, { resource, reference: identity })
    await this.#attempt(node, resource)
    // Named by others, on the server, and not seen yet.
    if (node.virtual && this.#graph.node(identity.uid) === node) return { requeueAfterMs: backoffOf(node) }
    node.attempts = 0
  }

  async #attempt(node: GraphNode, resource: Resource<KubeObject>): Promise<void> {
    if (node.beingDeleted && !node.deletingDependents) return
    const reference = node.identity
    const target = { resource, reference }
    // An object of the whole cluster that names one of a namespace: nothing can be said of that.
    if (resource.namespaced && reference.namespace === '') return
    const latest = await this.#live(target)
    if (latest?.metadata.uid !== reference.uid) {
      this.#graph.absent(reference)
      return
    }
    if (node.deletingDependents) return this.#deleteDependents(node, target)
    const owners = latest.metadata.ownerReferences ?? []
    if (owners.length === 0) return
    const found = await this.#classify(node, resource, owners)
    if (!found) return
    try {
      await this.#act(node, target, latest, found)
    } catch (error) {
      if (!isNotFound(error)) throw error
      this.#graph.absent(reference)
    }
  }

  async #act(node: GraphNode, target: Target, latest: KubeObject, { solid, dangling, waiting }: Owners): Promise<void> {
    const { client } = this.#context
    if (solid.length > 0) {
      const superfluous = [...dangling, ...waiting].map(({ uid }) => uid)
      if (superfluous.length > 0) await removeOwners(client, target, superfluous)
      return
    }
    const { dependents } = node
    if (waiting.length > 0 && dependents && dependents.size > 0) {
      // Dependents that wait for theirs may do so in a circle: this object holds up nobody.
      if ([...dependents].some(({ deletingDependents }) => deletingDependents)) {
        await unblockOwners(client, target, latest.metadata.ownerReferences ?? [])
        const fresh = await client.get(target.resource, keyOfTarget(target))
        return deleteObject(client, target, fresh, 'Foreground')
      }
      return deleteObject(client, target, latest, 'Foreground')
    }
    await deleteObject(client, target, latest, propagationOf(latest))
  }

  /** @returns `undefined` where an owner is of a kind that an object of the whole cluster can't have. */
  async #classify(
    node: GraphNode,
    resource: Resource,
    references: readonly OwnerReference[],
  ): Promise<Owners | undefined> {
    const solid: OwnerReference[] = []
    const dangling: OwnerReference[] = []
    const waiting: OwnerReference[] = []
    for (const reference of references) {
      const state = await this.#stateOf(node, resource, reference)
      if (state === 'unknowable') return undefined
      if (state === 'dangling') dangling.push(reference)
      else if (state === 'waiting') waiting.push(reference)
      else solid.push(reference)
    }
    return { solid, dangling, waiting }
  }

  async #stateOf(
    { identity }: GraphNode,
    resource: Resource,
    reference: OwnerReference,
  ): Promise<'solid' | 'dangling' | 'waiting' | 'unknowable'> {
    const { absentOwners } = this.#graph
    const here = ownerIn(reference, identity.namespace)
    if (absentOwners.has(ownerIn(reference, '')) || absentOwners.has(here)) return 'dangling'
    const ownerResource = this.#monitors.resourceOf(reference.apiVersion, reference.kind)
    if (!ownerResource) throw new Error(`unable to get REST mapping for ${reference.apiVersion}/${reference.kind}.`)
    if (ownerResource.namespaced && !resource.namespaced) return 'unknowable'
    const owner = ownerResource.namespaced ? here : ownerIn(reference, '')
    // What an informer shows exists; should it be gone by now, its event brings the dependents here again.
    const known = this.#graph.node(reference.uid)
    if (known && !known.virtual && matches(reference, known.identity) && known.identity.namespace === owner.namespace) {
      return known.deletingDependents ? 'waiting' : 'solid'
    }
    const live = await this.#live({ resource: ownerResource, reference: owner })
    if (live?.metadata.uid !== reference.uid) {
      absentOwners.add(owner)
      return 'dangling'
    }
    return isBeingDeleted(live) && hasFinalizer(live, foregroundFinalizer) ? 'waiting' : 'solid'
  }

  async #deleteDependents(node: GraphNode, target: Target): Promise<void> {
    const blocking = node.blockingDependents()
    if (blocking.length === 0) {
      const { client, clock } = this.#context
      return removeFinalizer(client, clock, target, foregroundFinalizer)
    }
    for (const dependent of blocking) {
      if (!dependent.deletingDependents) this.#context.queue.add(`delete/${dependent.identity.uid}`)
    }
  }

  async #orphan(node: GraphNode, target: Target): Promise<void> {
    const { client, clock } = this.#context
    const errors: unknown[] = []
    await Promise.all(
      [...(node.dependents ?? [])].map(async ({ identity }) => {
        const resource = this.#monitors.resourceOf(identity.apiVersion, identity.kind)
        try {
          if (!resource) throw new Error(`orphaning ${referenceText(identity)} failed, its kind is unknown`)
          await removeOwners(client, { resource, reference: identity }, [node.identity.uid])
        } catch (error) {
          if (!isNotFound(error)) errors.push(error)
        }
      }),
    )
    if (errors.length > 0) throw aggregateError(errors)
    await removeFinalizer(client, clock, target, orphanFinalizer)
  }

  async #live(target: Target): Promise<KubeObject | undefined> {
    try {
      return await this.#context.client.get(target.resource, keyOfTarget(target))
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }
}

/** How an object goes whose owners are gone: as its own finalizers say. */
function propagationOf(object: KubeObject): Propagation {
  if (hasFinalizer(object, orphanFinalizer)) return 'Orphan'
  return hasFinalizer(object, foregroundFinalizer) ? 'Foreground' : 'Background'
}

/** Milliseconds until the next try with an object, twice as long each time. */
function backoffOf(node: GraphNode): number {
  return Math.min(5 * 2 ** node.attempts++, 1_000_000)
}
