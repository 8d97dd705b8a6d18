import type { Clock } from '#base'
import type { ContainerObservation } from '../runtime/pod-runtime.ts'
import type { DiskUsage, Measures, Space } from '../seams/measures.ts'
import type { MountedVolume } from '../volumes/plugin.ts'

export interface VolumeStats {
  readonly volumeName: string
  readonly used: DiskUsage
  /** The file system of a volume that has one of its own, such as memory. */
  readonly own: Space | undefined
  /** Claim that it belongs to: it counts as nothing of the pod's. */
  readonly claim?: string
}

interface Cached {
  readonly until: number
  readonly value: Promise<unknown>
}

const mostCached = 8192

/** What volumes and logs of pods take on the disk. */
export class VolumeUsage {
  readonly #clock: Clock
  readonly #measures: Measures
  readonly #freshMs: number
  readonly #cached = new Map<string, Cached>()

  /** @param freshMs milliseconds for which the count of a volume is used again: it visits every file. */
  constructor(clock: Clock, measures: Measures, freshMs: number) {
    this.#clock = clock
    this.#measures = measures
    this.#freshMs = freshMs
  }

  /** Volumes that live on the node, and file systems of claims. */
  async of(uid: string, volumes: ReadonlyMap<string, MountedVolume>): Promise<readonly VolumeStats[]> {
    const counted = [...volumes].filter(([, { counts }]) => counts !== undefined)
    const claimed = [...volumes].flatMap(([volumeName, { path = '', claim }]) =>
      claim === undefined ? [] : [this.#claimed(volumeName, path, claim)],
    )
    const own = counted.map(async ([volumeName, { path = '', counts }]) => {
      const [used, own] = await Promise.all([
        this.#usageOf(`${uid} ${path}`, path),
        counts === 'memory' ? this.#measures.space(path).catch(() => undefined) : undefined,
      ])
      return { volumeName, used, own }
    })
    return (await Promise.all([...own, ...claimed])).filter((stats) => stats !== undefined)
  }

  async #claimed(volumeName: string, path: string, claim: string): Promise<VolumeStats | undefined> {
    const own = await this.#measures.space(path).catch(() => undefined)
    return own && { volumeName, used: own, own, claim }
  }

  /** Logs by container: few files, that are counted each time. */
  async logs(folder: string, containers: readonly ContainerObservation[]): Promise<ReadonlyMap<string, DiskUsage>> {
    const found = containers.map(async ({ name }): Promise<[string, DiskUsage]> => {
      return [name, await this.#measures.diskUsage(`${folder}/${name}`)]
    })
    return new Map(await Promise.all(found))
  }

  #usageOf(key: string, path: string): Promise<DiskUsage> {
    const now = this.#clock.monotonic()
    const known = this.#cached.get(key)
    if (known && known.until > now) return known.value as Promise<DiskUsage>
    if (this.#cached.size >= mostCached) this.#cached.clear()
    const value = this.#measures.diskUsage(path)
    this.#cached.set(key, { until: now + this.#freshMs, value })
    return value
  }
}
