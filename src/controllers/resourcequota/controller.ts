import type { Resource } from '#api'
import { sleep } from '#base'
import { resourcequotas } from '#api/core/v1'
import type { ResourceQuota, ResourceQuotaStatus } from '#api/core/v1'
import type { Controller, ControllerContext, Discovery, Informer, Lister, Watch } from '#client'
import { addInto, amountsOf, keyOf, resourceListOf } from '#machinery'
import type { KubeObject, Quantity } from '#machinery'
import { lookedUp, masked, printed, QuotaEvaluators, usedOf } from '#quota'
import type { QuotaEvaluator, QuotaLookup, QuotaResource } from '#quota'
import { isBuiltIn } from '../common/meta/built-in.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { countedResources, sameAmounts } from './usage.ts'

const resyncMs = 300_000

export interface ResourceQuotaOptions {
  readonly concurrency: number
  readonly discover: (signal: AbortSignal) => Promise<Discovery>
}

interface Source {
  readonly resource: Resource<KubeObject>
  readonly informer?: Informer<KubeObject>
}

/** Keeps record of what each quota's namespace uses. Writes put themselves on record; what goes is found here. */
export class ResourceQuotaController implements Controller {
  readonly concurrency: number
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #options: ResourceQuotaOptions
  readonly #quotas: Informer<ResourceQuota>
  readonly #informers = new Map<string, Informer<KubeObject>>()
  readonly #followed = new Set<Informer<KubeObject>>()
  readonly #evaluators: QuotaEvaluators

  constructor(context: ControllerContext, options: ResourceQuotaOptions) {
    const { informers, queue } = context
    this.concurrency = options.concurrency
    this.#context = context
    this.#options = options
    this.#quotas = informers.informer(resourcequotas)
    this.#evaluators = new QuotaEvaluators(this.#lookup())
    this.watches = [
      watchEvents(resourcequotas, {
        added: (quota) => queue.add(keyOf(quota)),
        updated: (old, quota) => {
          if (!sameAmounts(old.spec.hard, quota.spec.hard)) queue.add(keyOf(quota))
        },
      }),
    ]
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#context.clock, resyncMs, signal).catch(() => {})
      for (const quota of this.#quotas.lister.list()) this.#context.queue.add(keyOf(quota))
    }
  }

  async reconcile(key: string, signal: AbortSignal): Promise<void> {
    const quota = this.#quotas.lister.getByKey(key)
    if (!quota) return
    const { client, clock } = this.#context
    const { hard = {} } = quota.spec
    for (const resource of lookedUp(Object.keys(hard))) await this.#sourceOf(resource, signal)
    const counted = new Map<string, Quantity>()
    for (const { evaluator, ...resource } of countedResources(quota, this.#evaluators)) {
      const objects = await this.#objectsOf(resource, evaluator, quota.metadata.namespace ?? '', signal)
      if (objects) addInto(counted, usedOf(quota, objects, evaluator, clock.now()))
    }
    const used = new Map([...amountsOf(quota.status?.used), ...counted])
    const status: ResourceQuotaStatus = { hard, used: resourceListOf(masked(used, new Set(Object.keys(hard)))) }
    const told = quota.status
    if (told?.used !== undefined && sameAmounts(told.hard, hard) && sameAmounts(told.used, status.used)) return
    await client.update(resourcequotas, { ...quota, status }, { subresource: 'status' })
  }

  /** Objects of a resource in a namespace; `undefined` when the server does not have the resource. */
  async #objectsOf(
    counted: QuotaResource,
    evaluator: QuotaEvaluator,
    namespace: string,
    signal: AbortSignal,
  ): Promise<Iterable<KubeObject> | undefined> {
    const source = await this.#sourceOf(counted, signal)
    if (!source?.resource.namespaced) return undefined
    const { resource, informer } = source
    // Custom resources come and go: they are read when they are asked for.
    if (!informer) return (await this.#context.client.list<KubeObject>(resource, { namespace })).items
    if (!this.#followed.has(informer)) this.#follow(informer, evaluator)
    return informer.lister.list(namespace)
  }

  /** What the server has of a resource: an informer that has synced, of those that are built in. */
  async #sourceOf({ group, plural }: QuotaResource, signal: AbortSignal): Promise<Source | undefined> {
    const name = `${group}/${plural}`
    let informer = this.#informers.get(name)
    if (!informer) {
      const { resources } = await this.#options.discover(signal)
      const found = resources.find(
        ({ resource, preferred }) => preferred && resource.group === group && resource.plural === plural,
      )
      if (!found || !isBuiltIn(found.resource)) return found
      informer = this.#context.informers.informer(found.resource)
      this.#informers.set(name, informer)
    }
    await informer.synced(signal)
    return { resource: informer.resource, informer }
  }

  /** What informers show that run already. */
  #lookup(): QuotaLookup {
    const of = <T extends KubeObject>(group: string, plural: string): Lister<T> | undefined =>
      this.#informers.get(`${group}/${plural}`)?.lister as Lister<T> | undefined
    return {
      peek: <T extends KubeObject>(group: string, plural: string, namespace: string, name: string) =>
        of<T>(group, plural)?.get({ namespace, name }),
      peekAll: <T extends KubeObject>(group: string, plural: string, namespace: string) =>
        of<T>(group, plural)?.list(namespace === '' ? undefined : namespace) ?? [],
    }
  }

  #follow(informer: Informer<KubeObject>, evaluator: QuotaEvaluator): void {
    this.#followed.add(informer)
    const { clock } = this.#context
    const release = ({ metadata }: KubeObject): void => {
      for (const quota of this.#quotas.lister.list(metadata.namespace)) {
        if (Object.keys(quota.spec.hard ?? {}).some((name) => evaluator.covers(name))) {
          this.#context.queue.add(keyOf(quota))
        }
      }
    }
    const usage = (object: KubeObject): string => printed(evaluator.usage(object, clock.now()))
    informer.addHandler({
      updated: (old, object) => {
        if (old.metadata.resourceVersion === object.metadata.resourceVersion) return
        for (const _ of this.#quotas.lister.list(object.metadata.namespace)) {
          if (usage(old) !== usage(object)) release(object)
          return
        }
      },
      deleted: release,
    })
  }
}
