import { addAbortListener } from '#base'
import type { Clock, Component, Logger } from '#base'
import { apiVersionOf } from '#api'
import type { Resource } from '#api'
import type { KubeObject } from '#machinery'
import type { Client } from '../client.ts'
import { createInformer } from './informer.ts'
import type { Informer, InformerOptions } from './informer.ts'

/** What makes two informers of a resource different. */
export interface InformerScope<T extends KubeObject> {
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** Part of the identity as well: functions that are not the same give two informers. */
  readonly transform?: (object: T) => T
}

/** Shares informers: one for each resource and scope. Each runs from when it is first asked for, once the factory does. */
export interface InformerFactory extends Component {
  informer<T extends KubeObject>(resource: Resource<T>, scope?: InformerScope<T>): Informer<T>
  /** Waits until every informer asked for so far has synced. @throws the signal's reason. */
  synced(signal?: AbortSignal): Promise<void>
}

export interface InformerFactoryOptions {
  readonly clock: Clock
  readonly log?: Logger
  /** See {@link InformerOptions}. */
  readonly streamingList?: boolean
}

export function createInformerFactory(client: Client, options: InformerFactoryOptions): InformerFactory {
  return new SharedInformers(client, options)
}

interface Shared {
  readonly informer: Informer<KubeObject>
  readonly transform: unknown
}

class SharedInformers implements InformerFactory {
  readonly name = 'informers'
  readonly #client: Client
  readonly #options: InformerFactoryOptions
  readonly #shared = new Map<string, Shared[]>()
  readonly #running: Promise<void>[] = []
  #signal: AbortSignal | undefined

  constructor(client: Client, options: InformerFactoryOptions) {
    this.#client = client
    this.#options = options
  }

  informer<T extends KubeObject>(resource: Resource<T>, scope: InformerScope<T> = {}): Informer<T> {
    const { namespace = '', labelSelector = '', fieldSelector = '', transform } = scope
    const key = [apiVersionOf(resource), resource.plural, namespace, labelSelector, fieldSelector].join('|')
    const known = this.#shared.get(key) ?? []
    const found = known.find((shared) => shared.transform === transform)
    // The key names the resource, and with it the type of its objects.
    if (found) return found.informer as object as Informer<T>
    const options: InformerOptions<T> = { ...this.#options, ...scope }
    const informer = createInformer(this.#client, resource, options)
    this.#shared.set(key, [...known, { informer: informer as object as Informer<KubeObject>, transform }])
    if (this.#signal) this.#running.push(informer.start(this.#signal))
    return informer
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#signal) throw new Error('informers were started already')
    this.#signal = signal
    for (const { informer } of this.#all()) this.#running.push(informer.start(signal))
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      else addAbortListener(signal, () => resolve())
    })
    await Promise.all(this.#running)
  }

  async synced(signal?: AbortSignal): Promise<void> {
    await Promise.all(this.#all().map(({ informer }) => informer.synced(signal)))
  }

  #all(): Shared[] {
    return [...this.#shared.values()].flat()
  }
}
