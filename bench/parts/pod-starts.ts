import { pods as podResource, serviceaccounts } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { systemClock } from '#base'
import { createInformer, waitForObject } from '#client'
import type { Client, Informer } from '#client'
import { sandboxImageName } from '#kubelet/host'

const namespace = 'default'
const patienceMs = 300_000

/** Starts pods and sees when they are ready, and when they are gone. */
export class PodStarts implements AsyncDisposable {
  readonly #client: Client
  readonly #stop = new AbortController()
  readonly #waiting = new Map<string, (pod: Pod | undefined) => void>()
  /** It watches again when the server ends a watch, as upstream's does to those that fall behind. */
  readonly #informer: Informer<Pod>
  readonly #following: Promise<void>

  private constructor(client: Client) {
    this.#client = client
    this.#informer = createInformer(client, podResource, { clock: systemClock, namespace })
    this.#informer.addHandler({
      added: (pod) => this.#tell(pod, pod),
      updated: (_, pod) => this.#tell(pod, pod),
      deleted: (pod) => this.#tell(pod, undefined),
    })
    this.#following = this.#informer.start(this.#stop.signal)
  }

  static async begin(client: Client): Promise<PodStarts> {
    const starts = new PodStarts(client)
    const account = { namespace, name: 'default' }
    const signal = starts.#stop.signal
    const options = { clock: systemClock, signal, timeoutMs: patienceMs, what: 'the service account of pods' }
    await waitForObject(client, serviceaccounts, account, (object) => object !== undefined, options)
    await starts.#informer.synced(signal)
    return starts
  }

  /** Creates pods. @returns milliseconds until all are ready. @throws Error when they take five minutes. */
  async start(names: readonly string[]): Promise<number> {
    const begin = performance.now()
    await Promise.all(
      names.map(async (name) => {
        const ready = this.#until(name, (pod) => pod !== undefined && isReady(pod))
        await this.#client.create(podResource, podOf(name))
        await ready
      }),
    )
    return performance.now() - begin
  }

  /** Deletes pods as their users would. @returns milliseconds until all are gone. */
  async remove(names: readonly string[]): Promise<number> {
    const begin = performance.now()
    await Promise.all(
      names.map(async (name) => {
        const gone = this.#until(name, (pod) => pod === undefined)
        await this.#client.delete(podResource, { namespace, name })
        await gone
      }),
    )
    return performance.now() - begin
  }

  #until(name: string, reached: (pod: Pod | undefined) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`pod ${name} takes more than five minutes`)), patienceMs)
      this.#waiting.set(name, (pod) => {
        if (!reached(pod)) return
        clearTimeout(late)
        this.#waiting.delete(name)
        resolve()
      })
    })
  }

  #tell({ metadata }: Pod, state: Pod | undefined): void {
    this.#waiting.get(metadata.name ?? '')?.(state)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#following
  }
}

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false

/** Its image is that of pods' sandboxes, which every node has from its start. */
const podOf = (name: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name },
  spec: { containers: [{ name: 'pause', image: sandboxImageName, imagePullPolicy: 'IfNotPresent' }] },
})
