import { aborted, defer } from '#base'
import type { Pod } from '#api/core/v1'
import type { Manifest, Manifests } from '../seams/manifests.ts'
import type { SourceOptions } from './source-options.ts'
import { staticPod } from './static-pod.ts'

export interface FolderSourceOptions extends SourceOptions {
  readonly manifests: Manifests
  /** Folder of manifests, or one file. */
  readonly folder: string
  /** Milliseconds between two looks at the folder, besides those when the system tells of changes. */
  readonly everyMs: number
}

/** Milliseconds until a change is read: editors write in several steps. */
const settleMs = 100

/**
 * Pods from a folder of manifests, one in each file. While a file is being written it may be anything: what breaks then
 * leaves its pod as it is. A file that is still broken at the next look has none any more, but where there is only one. A file
 * that went and came back between two looks has its pod begin anew.
 */
export class FolderSource {
  readonly #options: FolderSourceOptions
  /** By file. */
  #pods: ReadonlyMap<string, Pod> = new Map()
  /** How often files came or went since the last look. */
  #moves = new Map<string, number>()
  #reading = Promise.resolve()
  readonly #seen = defer<void>()

  constructor(options: FolderSourceOptions) {
    this.#options = options
  }

  /** Resolves when the folder was read. */
  get seen(): Promise<void> {
    return this.#seen.promise
  }

  /** Reads the folder for the first time. */
  async start(): Promise<void> {
    await this.#read({ keepsBroken: false })
  }

  /** Follows the folder until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { manifests, folder, clock, everyMs } = this.#options
    const read = (how: { readonly keepsBroken: boolean }): void =>
      void (this.#reading = this.#reading.then(() => this.#read(how)))
    let cancelSoon = (): void => {}
    const stop = manifests.watch(folder, (moved) => {
      if (moved !== undefined) this.#moves.set(moved, (this.#moves.get(moved) ?? 0) + 1)
      cancelSoon()
      cancelSoon = clock.timer(settleMs, () => read({ keepsBroken: true }))
    })
    let cancel = (): void => {}
    const arm = (): void => {
      cancel = clock.timer(everyMs, () => {
        read({ keepsBroken: false })
        arm()
      })
    }
    arm()
    await aborted(signal).promise
    cancel()
    cancelSoon()
    stop()
  }

  async #read({ keepsBroken }: { readonly keepsBroken: boolean }): Promise<void> {
    const { manifests, folder, log, found } = this.#options
    try {
      const moves = this.#moves
      this.#moves = new Map()
      const read = await manifests.read(folder)
      const keeps = keepsBroken || read.has(folder)
      const pods = new Map<string, Pod>()
      for (const [file, manifest] of read) {
        const pod = (await this.#podOf(file, manifest)) ?? (keeps ? this.#pods.get(file) : undefined)
        if (pod) pods.set(file, pod)
      }
      // What takes a file's place comes once; what went before came back, too.
      const stayed = [...pods].filter(([file]) => !this.#pods.has(file) || (moves.get(file) ?? 0) < 2)
      this.#pods = pods
      if (stayed.length < pods.size) found(stayed.map(([, pod]) => pod))
      found([...pods.values()])
      this.#seen.resolve()
    } catch (error) {
      log.warn('The folder of manifests can not be read', { folder, error: String(error) })
    }
  }

  async #podOf(file: string, manifest: Manifest): Promise<Pod | undefined> {
    const { clock, log, nodeName, validate } = this.#options
    try {
      if ('error' in manifest) throw new Error(manifest.error)
      return await staticPod(manifest.object, { source: 'file', place: file, nodeName, now: clock.now(), validate })
    } catch (error) {
      log.warn('A manifest of the node is no pod', { file, error: String(error) })
      return undefined
    }
  }
}
