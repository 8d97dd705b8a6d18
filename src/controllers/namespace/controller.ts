import { messageOf } from '#base'
import { namespaces, pods } from '#api/core/v1'
import type { Namespace, Pod } from '#api/core/v1'
import { retryOnConflict } from '#client'
import type {
  Controller,
  ControllerContext,
  DiscoveredResource,
  Discovery,
  Informer,
  ReconcileResult,
  Watch,
} from '#client'
import { isNotFound } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import { podInformer } from '../common/pods/owned.ts'
import { deletionConditions } from './conditions.ts'
import type { DeletionOutcome } from './conditions.ts'
import { deleteResource, isPodResource } from './content.ts'
import type { Remains } from './content.ts'

const finalizer = 'kubernetes'

/** Resources that are emptied at a time. */
const atATime = 16

/** The first look at what finalizers hold back comes soon, the later ones when they should be done. */
const firstLookMs = 250

export interface NamespaceOptions {
  readonly concurrency: number
  /** Milliseconds before content is deleted: other API servers must have seen that the namespace takes nothing new. */
  readonly graceMs: number
  readonly discover: (signal: AbortSignal) => Promise<Discovery>
}

/** Deletes everything in namespaces that are being deleted, pods first, and then lets them go. */
export class NamespaceController implements Controller {
  readonly concurrency: number
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #options: NamespaceOptions
  readonly #namespaces: Informer<Namespace>
  readonly #pods: Informer<Pod>
  readonly #looks = new Map<string, number>()

  constructor(context: ControllerContext, options: NamespaceOptions) {
    const { informers, queue } = context
    this.concurrency = options.concurrency
    this.#context = context
    this.#options = options
    this.#namespaces = informers.informer(namespaces)
    this.#pods = podInformer(informers)
    const enqueue = ({ metadata }: Namespace): void => {
      if (metadata.deletionTimestamp !== undefined) queue.addAfter(metadata.name ?? '', options.graceMs)
    }
    this.watches = [
      watchEvents(namespaces, { added: enqueue, updated: (_, namespace) => enqueue(namespace) }),
      watchEvents(pods, { deleted: (pod) => this.#podGone(pod) }),
    ]
  }

  async reconcile(name: string, signal: AbortSignal): Promise<ReconcileResult | void> {
    try {
      return await this.#delete(name, signal)
    } catch (error) {
      if (!isNotFound(error)) throw error
      this.#looks.delete(name)
    }
  }

  async #delete(name: string, signal: AbortSignal): Promise<ReconcileResult | void> {
    const { client, clock } = this.#context
    let namespace = await client.get(namespaces, { name })
    if (namespace.metadata.deletionTimestamp === undefined) return
    if (namespace.status?.phase !== 'Terminating') namespace = await this.#markTerminating(namespace)
    if ((namespace.spec.finalizers ?? []).length === 0) return
    const { outcome, estimate } = await this.#deleteContent(namespace, signal)
    const conditions = deletionConditions(namespace.status?.conditions ?? [], outcome, clock.now())
    if (conditions) {
      const next = { ...namespace, status: { ...namespace.status, conditions } }
      // What is told late is told at the next look.
      namespace = await client.update(namespaces, next, { subresource: 'status' }).catch(() => namespace)
    }
    const [problem] = [outcome.discovery, ...outcome.errors].filter((each) => each !== undefined)
    if (problem !== undefined) throw new Error(problem)
    if (estimate > 0) return { requeueAfterMs: this.#untilNextLook(name, estimate) }
    this.#looks.delete(name)
    await this.#finalize(namespace)
  }

  /** Looks ever more seldom, at last when half of the estimated time is over. */
  #untilNextLook(name: string, estimate: number): number {
    const looks = this.#looks.get(name) ?? 0
    this.#looks.set(name, looks + 1)
    return Math.min(firstLookMs * 2 ** looks, (Math.trunc(estimate / 2) + 1) * 1000)
  }

  #markTerminating(namespace: Namespace): Promise<Namespace> {
    const { client } = this.#context
    const { name = '', uid } = namespace.metadata
    let current: Namespace | undefined = namespace
    return retryOnConflict(
      async () => {
        const latest: Namespace = current ?? (await client.get(namespaces, { name }))
        current = undefined
        if (latest.metadata.uid !== uid) throw new Error('namespace uid has changed across retries')
        if (latest.status?.phase === 'Terminating') return latest
        const next: Namespace = { ...latest, status: { ...latest.status, phase: 'Terminating' } }
        return client.update(namespaces, next, { subresource: 'status' })
      },
      { clock: this.#context.clock },
    )
  }

  async #deleteContent(
    namespace: Namespace,
    signal: AbortSignal,
  ): Promise<{ readonly outcome: DeletionOutcome; readonly estimate: number }> {
    const { clock, client } = this.#context
    const name = namespace.metadata.name ?? ''
    const sinceMs = clock.now() - Date.parse(namespace.metadata.deletionTimestamp ?? '')
    const remaining = new Map<string, number>()
    const finalizers = new Map<string, number>()
    const errors: string[] = []
    let estimate = 0
    const { resources, problem } = await this.#discover(signal)
    const note = ({ resource }: DiscoveredResource, remains: Remains, prefix = ''): void => {
      if (remains.error !== undefined) errors.push(prefix + remains.error)
      estimate = Math.max(estimate, remains.estimate)
      if (remains.count > 0) remaining.set(`${resource.plural}.${resource.group}`, remains.count)
      for (const [each, count] of remains.finalizers) finalizers.set(each, (finalizers.get(each) ?? 0) + count)
    }
    const podResource = resources.find(isPodResource)
    if (podResource) {
      const remains = await deleteResource(client, podResource, name, sinceMs)
      note(podResource, remains, `failed to delete pods for namespace: ${name}, err: `)
      if (remains.count > 0) {
        // While pods run nothing else goes (KEP-5080). Only a later look tells what is left.
        const outcome = { discovery: problem, errors, remaining: new Map(), finalizers: new Map() }
        return { outcome, estimate }
      }
    }
    const others = resources.filter((each) => each !== podResource)
    const work = others.values()
    await Promise.all(
      Array.from({ length: atATime }, async () => {
        for (const each of work) note(each, await deleteResource(client, each, name, sinceMs))
      }),
    )
    return { outcome: { discovery: problem, errors, remaining, finalizers }, estimate }
  }

  async #discover(
    signal: AbortSignal,
  ): Promise<{ readonly resources: readonly DiscoveredResource[]; readonly problem: string | undefined }> {
    try {
      const { resources, failed } = await this.#options.discover(signal)
      const listed = failed.toSorted().map((each) => `${each}: stale GroupVersion discovery: ${each}`)
      const why = `unable to retrieve the complete list of server APIs: ${listed.join(', ')}`
      return {
        resources: resources.filter(
          ({ resource, verbs, preferred }) => preferred && resource.namespaced && verbs.includes('delete'),
        ),
        problem: failed.length === 0 ? undefined : `Discovery failed for some groups, ${failed.length} failing: ${why}`,
      }
    } catch (error) {
      return { resources: [], problem: messageOf(error) }
    }
  }

  async #finalize(namespace: Namespace): Promise<void> {
    const { client, clock } = this.#context
    const { name = '' } = namespace.metadata
    let current: Namespace | undefined = namespace
    await retryOnConflict(
      async () => {
        const latest: Namespace = current ?? (await client.get(namespaces, { name }))
        current = undefined
        const finalizers = (latest.spec.finalizers ?? []).filter((each) => each !== finalizer)
        const next: Namespace = { metadata: latest.metadata, spec: { ...latest.spec, finalizers } }
        await client.update(namespaces, next, { subresource: 'finalize' })
      },
      { clock },
    )
  }

  /** When the last pod is gone, the rest need not wait. */
  #podGone({ metadata }: Pod): void {
    const { namespace: name = '' } = metadata
    if (this.#namespaces.lister.get({ name })?.metadata.deletionTimestamp === undefined) return
    for (const _ of this.#pods.lister.list(name)) return
    this.#context.queue.add(name)
  }
}
