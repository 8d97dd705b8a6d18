import { sleep } from '#base'
import { resourcequotas } from '#api/core/v1'
import type { ResourceQuota, ResourceQuotaStatus } from '#api/core/v1'
import type { Controller, ControllerContext, Discovery, Informer, Watch } from '#client'
import { keyOf } from '#machinery'
import { amountsOf, resourceListOf } from '#machinery'
import type { KubeObject } from '#machinery'
import { masked, printed, usedOf } from '#quota'
import { isBuiltIn } from '../common/meta/built-in.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { countedResources, sameAmounts } from './usage.ts'
import type { CountedResource } from './usage.ts'

const resyncMs = 300_000

export interface ResourceQuotaOptions {
  readonly concurrency: number
  readonly discover: (signal: AbortSignal) => Promise<Discovery>
}

/** Keeps record of what each quota's namespace uses. Writes put themselves on record; what goes is found here. */
export class ResourceQuotaController implements Controller {
  readonly concurrency: number
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #options: ResourceQuotaOptions
  readonly #quotas: Informer<ResourceQuota>
  readonly #informers = new Map<string, Informer<KubeObject>>()

  constructor(context: ControllerContext, options: ResourceQuotaOptions) {
    const { informers, queue } = context
    this.concurrency = options.concurrency
    this.#context = context
    this.#options = options
    this.#quotas = informers.informer(resourcequotas)
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
    const used = new Map(amountsOf(quota.status?.used))
    for (const counted of countedResources(quota)) {
      const objects = await this.#objectsOf(counted, quota.metadata.namespace ?? '', signal)
      if (!objects) continue
      for (const [name, amount] of usedOf(quota, objects, counted.evaluator, clock.now())) used.set(name, amount)
    }
    const status: ResourceQuotaStatus = { hard, used: resourceListOf(masked(used, new Set(Object.keys(hard)))) }
    const told = quota.status
    if (told?.used !== undefined && sameAmounts(told.hard, hard) && sameAmounts(told.used, status.used)) return
    await client.update(resourcequotas, { ...quota, status }, { subresource: 'status' })
  }

  /** Objects of a resource in a namespace; `undefined` when the server does not have the resource. */
  async #objectsOf(
    counted: CountedResource,
    namespace: string,
    signal: AbortSignal,
  ): Promise<Iterable<KubeObject> | undefined> {
    const name = `${counted.group}/${counted.plural}`
    let informer = this.#informers.get(name)
    if (!informer) {
      const { resources } = await this.#options.discover(signal)
      const found = resources.find(
        ({ resource, preferred }) =>
          preferred && resource.group === counted.group && resource.plural === counted.plural && resource.namespaced,
      )
      if (!found) return undefined
      // Custom resources come and go: they are read when they are asked for.
      if (!isBuiltIn(found.resource)) {
        return (await this.#context.client.list<KubeObject>(found.resource, { namespace })).items
      }
      informer = this.#context.informers.informer(found.resource)
      this.#informers.set(name, informer)
      this.#follow(informer, counted)
    }
    await informer.synced(signal)
    return informer.lister.list(namespace)
  }

  #follow(informer: Informer<KubeObject>, { evaluator }: CountedResource): void {
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
