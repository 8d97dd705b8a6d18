import { pods as podResource } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { Client } from '#client'
import { Latencies } from '../load/latencies.ts'

interface KnownPod {
  readonly app: string
  isAvailable: boolean
}

export interface AppPods {
  /** Pods that are ready and not told to end. */
  available: number
  /** The least there were since they were last marked. */
  least: number
}

/** Follows all pods of a cluster over one watch, as somebody who waits for them would. */
export class PodWatch implements AsyncDisposable {
  readonly #client: Client
  readonly #stop = new AbortController()
  readonly #pods = new Map<string, KnownPod>()
  readonly #apps = new Map<string, AppPods>()
  #following: Promise<void> = Promise.resolve()
  /** Milliseconds from the creation of pods, of which the second is known, until the watch told that they run. */
  starts = new Latencies()
  /** Milliseconds from the event that told of a pod until the one that told that it runs. */
  observed = new Latencies()
  readonly #seenAt = new Map<string, number>()
  #running = 0
  /** Why the watch ended before its time. */
  #failure: { readonly error: unknown } | undefined

  private constructor(client: Client) {
    this.#client = client
  }

  static async begin(client: Client): Promise<PodWatch> {
    const watch = new PodWatch(client)
    const { metadata } = await client.list(podResource, {}, { limit: 1 })
    watch.#following = watch.#follow(metadata.resourceVersion ?? '')
    return watch
  }

  /** Pods that are available. @throws what ended the watch before its time: nobody has to wait then. */
  get running(): number {
    if (this.#failure) throw this.#failure.error
    return this.#running
  }

  /** Pods that come later are timed anew. */
  timeAnew(): void {
    this.starts = new Latencies()
    this.observed = new Latencies()
  }

  /** Of a Deployment, by `namespace/app`. */
  app(key: string): AppPods {
    let app = this.#apps.get(key)
    if (!app) this.#apps.set(key, (app = { available: 0, least: 0 }))
    return app
  }

  markLeast(): void {
    for (const app of this.#apps.values()) app.least = app.available
  }

  async #follow(from: string): Promise<void> {
    const { signal } = this.#stop
    try {
      let resourceVersion = from
      while (!signal.aborted) {
        for await (const event of this.#client.watch(podResource, {}, { resourceVersion, signal })) {
          resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion
          if (event.type !== 'BOOKMARK') this.#take(event.object, event.type === 'DELETED')
        }
      }
    } catch (error) {
      if (!signal.aborted) this.#failure = { error }
    }
  }

  #take(pod: Pod, isGone: boolean): void {
    const { uid = '', namespace = '', labels, creationTimestamp = '', deletionTimestamp } = pod.metadata
    let known = this.#pods.get(uid)
    if (!known) {
      this.#pods.set(uid, (known = { app: `${namespace}/${labels?.['app'] ?? ''}`, isAvailable: false }))
      this.#seenAt.set(uid, performance.now())
    }
    const isAvailable = !isGone && deletionTimestamp === undefined && isReady(pod)
    const seenAt = this.#seenAt.get(uid)
    if (isAvailable && seenAt !== undefined) {
      this.starts.add(Date.now() - Date.parse(creationTimestamp))
      this.observed.add(performance.now() - seenAt)
      this.#seenAt.delete(uid)
    }
    if (isAvailable !== known.isAvailable) {
      const app = this.app(known.app)
      app.available += isAvailable ? 1 : -1
      this.#running += isAvailable ? 1 : -1
      app.least = Math.min(app.least, app.available)
      known.isAvailable = isAvailable
    }
    if (!isGone) return
    this.#pods.delete(uid)
    this.#seenAt.delete(uid)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#following
  }
}

const isReady = ({ status }: Pod): boolean =>
  status?.phase === 'Running' &&
  (status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false)
