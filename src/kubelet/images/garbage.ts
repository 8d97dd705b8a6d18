import type { Clock, Logger } from '#base'
import type { Measures } from '../seams/measures.ts'
import type { RuntimeImage } from '../runtime/images.ts'
import type { NodeMetrics } from '../metrics/node-metrics.ts'
import type { ContainerRuntime } from '../runtime/runtime.ts'
import { fullName } from './reference.ts'

export interface ImageGarbageOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly runtime: Pick<ContainerRuntime, 'images' | 'listContainers'>
  readonly measures: Measures
  /** Percent of the file system above which images are removed, and down to which. */
  readonly highPercent: number
  readonly lowPercent: number
  /** Milliseconds that an image stays at least after it came. */
  readonly minAgeMs: number
  /** Milliseconds without use after which an image goes in any case; 0 for never. */
  readonly maxAgeMs: number
  /** Images that pods of the node name, for containers and volumes that may not be there yet. */
  readonly named: () => Iterable<string>
  /** Ids of the images that are left after some were removed, of those that were there at `when` (milliseconds). */
  readonly left: (imageIds: ReadonlySet<string>, when: number) => void
  readonly metrics: Pick<NodeMetrics, 'imageRemoved'>
}

interface Known {
  readonly since: number
  lastUsed: number
}

/** Something is wrong with images that people are told of, as an event of this reason. */
export class ImageGarbageError extends Error {
  readonly reason: 'FreeDiskSpaceFailed' | 'InvalidDiskCapacity'

  constructor(reason: ImageGarbageError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** Removes images that nobody uses, those unused for longest first, when their file system fills up. */
export class ImageGarbage {
  readonly #options: ImageGarbageOptions
  readonly #known = new Map<string, Known>()
  readonly #began: number
  /** When the runtime was last asked for its images. */
  #looked = 0

  constructor(options: ImageGarbageOptions) {
    this.#options = options
    this.#began = options.clock.now()
  }

  /** Notes which images there are, and which are in use. */
  async observe(): Promise<void> {
    await this.#look()
  }

  /** Frees space if need be. @throws ImageGarbageError, RuntimeError, AggregateError of what could not be removed */
  async collect(): Promise<void> {
    const { runtime, measures, highPercent, lowPercent } = this.#options
    const kept = await this.#removeOld(await this.#look())
    const [filesystem] = await runtime.images.filesystems()
    if (!filesystem) return
    const { capacityBytes, availableBytes } = await measures.space(filesystem.mountpoint)
    if (capacityBytes === 0) {
      throw new ImageGarbageError('InvalidDiskCapacity', 'invalid capacity 0 on image filesystem')
    }
    const percent = 100 - Math.trunc((Math.min(availableBytes, capacityBytes) * 100) / capacityBytes)
    if (percent < highPercent) return
    const wanted = Math.trunc((capacityBytes * (100 - lowPercent)) / 100) - availableBytes
    const freed = await this.#free(kept, wanted)
    if (freed < wanted) {
      throw new ImageGarbageError(
        'FreeDiskSpaceFailed',
        `Insufficient free disk space on the node's image filesystem (${percent}% of ${sizeText(capacityBytes)} used). ` +
          `Failed to free sufficient space by deleting unused images (freed ${freed} bytes). ` +
          'Investigate disk usage, as it could be used by active images, logs, volumes, or other data.',
      )
    }
  }

  /** Removes every image that is not in use and did not come just now; resolves with the bytes freed. */
  async removeUnused(): Promise<number> {
    return this.#free(await this.#look(), Infinity)
  }

  /** Returns what is left of these. */
  async #removeOld(unused: readonly RuntimeImage[]): Promise<RuntimeImage[]> {
    const { clock, maxAgeMs } = this.#options
    const now = clock.now()
    // Who has just begun does not know when images were used last.
    if (maxAgeMs === 0 || now - this.#began <= maxAgeMs) return [...unused]
    const isOld = ({ id }: RuntimeImage): boolean => now - (this.#known.get(id)?.lastUsed ?? now) > maxAgeMs
    await this.#remove(unused.filter(isOld), 'age')
    return unused.filter(({ id }) => this.#known.has(id))
  }

  async #free(unused: readonly RuntimeImage[], wanted: number): Promise<number> {
    const { clock, minAgeMs } = this.#options
    const chosen: RuntimeImage[] = []
    let freed = 0
    for (const image of unused) {
      if (freed >= wanted) break
      const since = this.#known.get(image.id)?.since ?? clock.now()
      if (clock.now() - since < minAgeMs) continue
      chosen.push(image)
      freed += image.size
    }
    await this.#remove(chosen, 'space')
    return freed
  }

  /** Tries all, before it tells of those that could not be removed. */
  async #remove(images: readonly RuntimeImage[], why: 'age' | 'space'): Promise<void> {
    if (images.length === 0) return
    const { runtime, left, log, metrics } = this.#options
    const failures: unknown[] = []
    for (const { id, size } of images) {
      try {
        await runtime.images.remove({ image: id })
        this.#known.delete(id)
        metrics.imageRemoved(why)
        log.info('Image removed', { image: id, size })
      } catch (error) {
        failures.push(error)
      }
    }
    left(new Set(this.#known.keys()), this.#looked)
    if (failures.length > 0) throw new AggregateError(failures, `remove images: ${failures.map(String).join(', ')}`)
  }

  /** Notes which images are in use; resolves with those that are not, unused for longest first. */
  async #look(): Promise<RuntimeImage[]> {
    const { clock, runtime, named } = this.#options
    const began = clock.now()
    const [images, containers] = await Promise.all([runtime.images.list(), runtime.listContainers()])
    this.#looked = began
    const used = new Set(containers.flatMap(({ imageRef, image }) => [imageRef, image.image]))
    for (const image of named()) used.add(fullName(image))
    const now = clock.now()
    const present = new Set(images.map(({ id }) => id))
    for (const id of this.#known.keys()) if (!present.has(id)) this.#known.delete(id)
    const unused: RuntimeImage[] = []
    for (const image of images) {
      const { id, pinned = false, repoTags = [], repoDigests = [] } = image
      const known = this.#known.get(id) ?? { since: now, lastUsed: 0 }
      this.#known.set(id, known)
      if ([id, ...repoTags, ...repoDigests].some((name) => used.has(name))) known.lastUsed = now
      else if (!pinned) unused.push(image)
    }
    const at = ({ id }: RuntimeImage): Known => this.#known.get(id) ?? { since: 0, lastUsed: 0 }
    return unused.sort((a, b) => at(a).lastUsed - at(b).lastUsed || at(a).since - at(b).since)
  }
}

/** `931.3 GiB` */
function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const exponent = Math.min(4, Math.trunc(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** exponent).toFixed(1)} ${['', 'KiB', 'MiB', 'GiB', 'TiB'][exponent]}`
}
